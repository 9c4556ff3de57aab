import { createHash } from 'node:crypto';
import type { Clock } from '../../../local/clock.ts';
import { AwsError } from '../../../local/errors.ts';
import type { PollableQueues, PolledMessage } from '../../../local/pollers/sqs.ts';
import type { Caller, OutgoingMessage, Queues } from '../../../local/ports.ts';

interface Held {
  readonly message: PolledMessage;
  visibleAt: number;
  receives: number;
}

/** A queue just good enough to be polled: visibility on the clock, long polling, deletes. */
class FakeQueue {
  readonly held: Held[] = [];
  readonly waiting = new Set<() => void>();
  readonly visibilityTimeoutMs: number;
  readonly fifo: boolean;

  constructor(visibilityTimeoutMs: number, fifo: boolean) {
    this.visibilityTimeoutMs = visibilityTimeoutMs;
    this.fifo = fifo;
  }
}

export class FakeQueues implements Queues, PollableQueues {
  readonly #clock: Clock;
  readonly #queues = new Map<string, FakeQueue>();
  readonly #sent: (arn: string, message: OutgoingMessage, caller: Caller) => { readonly messageId: string };

  constructor(
    clock: Clock,
    sent: (arn: string, message: OutgoingMessage, caller: Caller) => { messageId: string },
  ) {
    this.#clock = clock;
    this.#sent = sent;
  }

  add(name: string, visibilityTimeoutMs = 30_000): string {
    const arn = `arn:aws:sqs:us-east-1:000000000000:${name}`;
    this.#queues.set(arn, new FakeQueue(visibilityTimeoutMs, name.endsWith('.fifo')));
    return arn;
  }

  async send(arn: string, message: OutgoingMessage, caller: Caller): Promise<{ readonly messageId: string }> {
    return this.#sent(arn, message, caller);
  }

  /** Puts messages into a queue; the message ids are the bodies' positions. */
  put(arn: string, bodies: readonly string[], attributes: PolledMessage['messageAttributes'] = {}): void {
    const queue = this.#queue(arn);
    for (const body of bodies) {
      queue.held.push({
        message: {
          messageId: `m${queue.held.length}`,
          receiptHandle: '',
          body,
          md5OfBody: createHash('md5').update(body).digest('hex'),
          attributes: {},
          messageAttributes: attributes,
        },
        visibleAt: 0,
        receives: 0,
      });
    }
    this.#wake(queue);
  }

  async receive(
    arn: string,
    { max, waitMs, signal }: { readonly max: number; readonly waitMs: number; readonly signal?: AbortSignal },
  ): Promise<readonly PolledMessage[]> {
    const queue = this.#queue(arn);
    if (!queue.held.some(({ visibleAt }) => visibleAt <= this.#clock.now()) && !signal?.aborted) {
      await this.#wait(queue, waitMs, signal);
    }
    if (signal?.aborted) return [];
    const now = this.#clock.now();
    return queue.held
      .filter(({ visibleAt }) => visibleAt <= now)
      .slice(0, max)
      .map((held) => {
        held.receives += 1;
        held.visibleAt = now + queue.visibilityTimeoutMs;
        this.#clock.after(queue.visibilityTimeoutMs, () => this.#wake(queue));
        const attributes = { ApproximateReceiveCount: String(held.receives) };
        return { ...held.message, receiptHandle: `${held.message.messageId}#${held.receives}`, attributes };
      });
  }

  async deleteMessages(arn: string, receiptHandles: readonly string[]): Promise<void> {
    const { held } = this.#queue(arn);
    for (const handle of receiptHandles) {
      const index = held.findIndex(({ message, receives }) => `${message.messageId}#${receives}` === handle);
      if (index >= 0) held.splice(index, 1);
    }
  }

  attributes(arn: string): { readonly visibilityTimeoutMs: number; readonly fifo: boolean } {
    return this.#queue(arn);
  }

  depth(arn: string): { readonly visible: number } {
    const now = this.#clock.now();
    return { visible: this.#queue(arn).held.filter(({ visibleAt }) => visibleAt <= now).length };
  }

  bodies(arn: string): string[] {
    return this.#queue(arn).held.map(({ message }) => message.body);
  }

  #queue(arn: string): FakeQueue {
    const queue = this.#queues.get(arn);
    if (!queue) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  #wait(queue: FakeQueue, waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(waitMs, () => end());
      const end = (): void => {
        timer.cancel();
        queue.waiting.delete(end);
        resolve();
      };
      queue.waiting.add(end);
      signal?.addEventListener('abort', end, { once: true });
    });
  }

  #wake(queue: FakeQueue): void {
    for (const wake of [...queue.waiting]) wake();
  }
}
