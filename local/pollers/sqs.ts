import type { Foundation } from '../cloud.ts';
import type { MessageAttribute } from '../ports.ts';
import type { EventSource, MappingIdentity, Poller, PollTarget } from './event-source.ts';
import { SqsPoller } from './sqs-poller.ts';
import { type SqsSettings, sqsSettings } from './sqs-settings.ts';

/** A received message, as an SQS event record needs it. */
export interface PolledMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, MessageAttribute>>;
  readonly md5OfMessageAttributes?: string;
}

/** What the poller needs of Amazon SQS. */
export interface PollableQueues {
  receive(
    queueArn: string,
    options: { readonly max: number; readonly waitMs: number; readonly signal?: AbortSignal },
  ): Promise<readonly PolledMessage[]>;
  deleteMessages(queueArn: string, receiptHandles: readonly string[]): Promise<void>;
  /** Throws AwsError when there is no such queue. */
  attributes(queueArn: string): { readonly visibilityTimeoutMs: number; readonly fifo: boolean };
  depth(queueArn: string): { readonly visible: number };
}

/** Amazon SQS as an event source. */
export class SqsEventSource implements EventSource<SqsSettings> {
  readonly #foundation: Foundation;
  readonly #queues: PollableQueues;

  constructor(foundation: Foundation, queues: PollableQueues) {
    this.#foundation = foundation;
    this.#queues = queues;
  }

  configure(settings: Readonly<Record<string, unknown>>, queueArn: string, target: PollTarget): SqsSettings {
    return sqsSettings(settings, this.#queues, queueArn, target);
  }

  describe({ described }: SqsSettings): Readonly<Record<string, unknown>> {
    return described;
  }

  poller({ eventSourceArn }: MappingIdentity, settings: SqsSettings, target: PollTarget): Poller {
    return new SqsPoller(this.#foundation, this.#queues, eventSourceArn, settings, target);
  }
}
