import { listAt, type Replay, textAt, worked } from '../replay.ts';
import type { Recorded } from './http.ts';
import { callJson } from './json.ts';
import { callQuery } from './query.ts';

type Input = Readonly<Record<string, unknown>>;

/** A client of SQS that answers in the shape of the recordings, refusals too. */
export class SqsSteps {
  readonly #replay: Replay;
  readonly #protocol: 'json' | 'query';

  constructor(
    replay: Replay,
    protocol: 'json' | 'query' = replay.parameters.startsWith('sqs_query') ? 'query' : 'json',
  ) {
    this.#replay = replay;
    this.#protocol = protocol;
  }

  call(action: string, input: Input, headers: Readonly<Record<string, string>> = {}): Promise<Recorded> {
    return this.callAt(this.#replay.endpoint, action, input, headers);
  }

  callAt(
    endpoint: string,
    action: string,
    input: Input,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Recorded> {
    return this.#protocol === 'query'
      ? callQuery(endpoint, action, input, headers)
      : callJson(endpoint, `AmazonSQS.${action}`, '1.0', input, headers);
  }

  /** A standard queue, unless the name or the attributes say otherwise. @returns its URL */
  async queue(Attributes: Readonly<Record<string, string>> = {}, QueueName?: string): Promise<string> {
    const fifo = 'FifoQueue' in Attributes;
    const name = QueueName ?? this.#replay.name(fifo ? '.fifo' : '');
    return textAt(await this.call('CreateQueue', { QueueName: name, Attributes }), 'QueueUrl');
  }

  fifo(attributes: Readonly<Record<string, string>> = {}): Promise<string> {
    return this.queue({ FifoQueue: 'true', ...attributes });
  }

  send(QueueUrl: string, MessageBody: string, more: Input = {}): Promise<Recorded> {
    return this.call('SendMessage', { QueueUrl, MessageBody, ...more });
  }

  receive(QueueUrl: string, more: Input = {}): Promise<Recorded> {
    return this.call('ReceiveMessage', { QueueUrl, ...more });
  }

  delete(QueueUrl: string, received: Recorded): Promise<Recorded> {
    return this.call('DeleteMessage', { QueueUrl, ReceiptHandle: handleOf(received) });
  }

  set(QueueUrl: string, Attributes: Input): Promise<Recorded> {
    return this.call('SetQueueAttributes', { QueueUrl, Attributes });
  }

  attributes(QueueUrl: string, AttributeNames: readonly string[] = ['All']): Promise<Recorded> {
    return this.call('GetQueueAttributes', { QueueUrl, AttributeNames });
  }

  async arn(QueueUrl: string): Promise<string> {
    return textAt(await this.attributes(QueueUrl, ['QueueArn']), 'Attributes', 'QueueArn');
  }

  /** A queue whose messages go into another one after that many receives. */
  async deadLetterPair(maxReceiveCount: number): Promise<{ queue: string; deadLetters: string }> {
    const deadLetters = await this.queue();
    const deadLetterTargetArn = await this.arn(deadLetters);
    const queue = await this.queue({
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }),
    });
    return { queue, deadLetters };
  }

  /** Everything that can be received now, or within the time given. */
  async collect(QueueUrl: string, count: number, more: Input = {}): Promise<unknown[]> {
    const messages: unknown[] = [];
    while (messages.length < count) {
      const received = worked(
        await this.receive(QueueUrl, { MaxNumberOfMessages: 10, WaitTimeSeconds: 2, ...more }),
      );
      if (listAt(received, 'Messages').length === 0) break;
      messages.push(...listAt(received, 'Messages'));
    }
    return messages;
  }
}

export const handleOf = (received: Recorded, index = 0): string =>
  textAt(received, 'Messages', index, 'ReceiptHandle');
