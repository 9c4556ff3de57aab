import type { Foundation } from '../../cloud.ts';
import { cloudEventIds } from '../../cloud-event-ids.ts';
import { AwsError } from '../../errors.ts';
import type { Caller, OutgoingMessage, Queues } from '../../ports.ts';
import type { TraceIds } from '../../trace.ts';
import type { Protocol } from '../service.ts';
import type { Depth } from './message-queue.ts';
import { MoveTasks } from './move-tasks.ts';
import type { OpenQueue, Sent } from './open-queue.ts';
import { checkOutgoing, senderIdOf, sizeOfAll } from './outgoing.ts';
import { SqsProtocol } from './protocol.ts';
import { jsonText } from './queue-attributes.ts';
import { type QueueDefinition, QueueRegistry } from './queue-registry.ts';
import {
  type PeekedMessage,
  peekedMessage,
  type ReceivedMessage,
  receivedMessage,
} from './received-message.ts';
import { SqsStore } from './store.ts';

export type { QueueDefinition } from './queue-registry.ts';
export type { PeekedMessage, ReceivedMessage } from './received-message.ts';
export type QueueDepth = Depth;

export interface ReceiveOptions {
  /** 1 to 10. */
  readonly max: number;
  /** How long to wait for the first message, up to 20,000 ms. */
  readonly waitMs: number;
  /** @default the queue's visibility timeout */
  readonly visibilityMs?: number | undefined;
  /** Ends the waiting: the receive then resolves with no message, and none is taken. */
  readonly signal?: AbortSignal | undefined;
  /** FIFO queues: `ReceiveRequestAttemptId`. */
  readonly attemptId?: string | undefined;
}

/** "Amazon SQS message quotas": the entries of one batch. */
const MOST_PER_BATCH = 10;

/**
 * Amazon SQS. Whatever resolves here would survive a crash.
 * All calls throw QueueDoesNotExist for an ARN that is no queue's.
 */
export class Sqs implements Queues {
  readonly protocol: Protocol;
  readonly queues: QueueRegistry;
  readonly moveTasks: MoveTasks;
  readonly #foundation: Foundation;
  readonly #store: SqsStore;

  constructor(foundation: Foundation) {
    this.#foundation = foundation;
    this.#store = new SqsStore(foundation.store);
    this.queues = new QueueRegistry(foundation.clock, this.#store, foundation, (messageId, source, target) =>
      this.#record('DeadLetter', source, { messageId, to: target.arn }),
    );
    this.moveTasks = new MoveTasks(foundation.clock, this.#store, this.queues);
    this.protocol = new SqsProtocol(this);
    for (const queue of this.queues.all()) this.#publishPolicy(queue);
  }

  /** @throws QueueDoesNotExist, AccessDenied, InvalidMessageContents, InvalidParameterValue, MissingParameter */
  async send(queueArn: string, message: OutgoingMessage, caller: Caller): Promise<Sent> {
    this.#foundation.iam.authorize(caller, 'sqs:SendMessage', queueArn);
    const queue = this.queues.get(queueArn);
    checkOutgoing(message, queue.rules());
    const [sent] = await this.sendChecked(queue, [message], caller);
    if (!sent) throw new AwsError('InternalFailure', 'The message was not taken', 500);
    return sent;
  }

  /** Sends messages that passed `checkOutgoing`, all or none. */
  async sendChecked(queue: OpenQueue, messages: readonly OutgoingMessage[], caller: Caller): Promise<Sent[]> {
    const sent = queue.send(this.#late(queue, messages), senderIdOf(caller, this.#foundation.account));
    for (const [index, { messageId }] of sent.entries()) {
      const { body = '' } = messages[index] ?? {};
      this.#record('SendMessage', queue, { messageId, ...cloudEventIds(body) });
    }
    this.#count(queue, 'NumberOfMessagesSent', sent.length);
    this.requested(queue, caller.kind === 'service' ? 'Delivery' : 'SendMessage', () => ({
      bytes: sizeOfAll(messages),
    }));
    await this.committed();
    return sent;
  }

  /** @throws OverLimit */
  async receive(queueArn: string, options: ReceiveOptions): Promise<ReceivedMessage[]> {
    const queue = this.queues.get(queueArn);
    const deliveries = await queue.engine.receive(options);
    for (const { message, receiveCount } of deliveries)
      this.#record('ReceiveMessage', queue, { messageId: message.id, receiveCount });
    this.requested(queue, 'ReceiveMessage', () => ({
      bytes: sizeOfAll(deliveries.map(({ message }) => message)),
      messages: deliveries.length,
    }));
    if (deliveries.length > 0) this.#count(queue, 'NumberOfMessagesReceived', deliveries.length);
    else this.#count(queue, 'NumberOfEmptyReceives', 1);
    await this.committed();
    return this.#twice(queue, deliveries.map(receivedMessage));
  }

  /** Tells whoever counts what AWS would bill, request by request. A `Delivery` is another service's. */
  requested(queue: OpenQueue, operation: string, ids: () => TraceIds = () => ({})): void {
    const { trace, clock } = this.#foundation;
    const billed = { service: 'sqs', action: 'Request', resource: queue.arn };
    trace.mention(() => ({ ...billed, at: clock.now(), ids: { operation, ...ids() } }));
  }

  /** Deletes what can be deleted: an expired or unknown receipt handle is passed over. */
  async deleteMessages(queueArn: string, receiptHandles: readonly string[]): Promise<void> {
    const queue = this.queues.get(queueArn);
    this.requested(queue, 'DeleteMessageBatch', () => ({
      requests: Math.ceil(receiptHandles.length / MOST_PER_BATCH),
    }));
    for (const handle of receiptHandles) {
      try {
        this.deleteMessage(queue, handle);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
      }
    }
    await this.committed();
  }

  /** Deletes one message; the caller awaits `committed()`. @throws ReceiptHandleIsInvalid, InvalidParameterValue */
  deleteMessage(queue: OpenQueue, receiptHandle: string): void {
    const deleted = queue.engine.delete(receiptHandle);
    this.#count(queue, 'NumberOfMessagesDeleted', 1);
    if (deleted) this.#record('DeleteMessage', queue, { messageId: deleted.id });
  }

  /** @throws ReceiptHandleIsInvalid, InvalidParameterValue */
  async changeVisibility(queueArn: string, receiptHandle: string, visibilityMs: number): Promise<void> {
    this.queues.get(queueArn).engine.changeVisibility(receiptHandle, visibilityMs);
    await this.committed();
  }

  attributes(queueArn: string): { readonly visibilityTimeoutMs: number; readonly fifo: boolean } {
    const { attributes, fifo } = this.queues.get(queueArn);
    return { visibilityTimeoutMs: Number(attributes.VisibilityTimeout) * 1000, fifo };
  }

  /** Makes sure that the queue exists with these attributes: changes them on a queue that is there, and keeps its messages. */
  async createQueue(definition: QueueDefinition): Promise<{ readonly arn: string; readonly url: string }> {
    const { arn, url } = this.queues.ensure(definition);
    await this.committed();
    return { arn, url };
  }

  /** Sets the queue's policy, for requests and for `GetQueueAttributes`. */
  async setPolicy(queueArn: string, document: unknown): Promise<void> {
    this.setAttributes(this.queues.get(queueArn), { Policy: JSON.stringify(document) });
    await this.committed();
  }

  /** "SetQueueAttributes"; the caller awaits `committed()`. @throws InvalidAttributeName, InvalidAttributeValue, InvalidParameterValue */
  setAttributes(queue: OpenQueue, change: Readonly<Record<string, string>>): void {
    this.queues.change(queue, change);
    if ('Policy' in change) this.#publishPolicy(queue);
  }

  depth(queueArn: string): QueueDepth {
    return this.queues.get(queueArn).engine.depth();
  }

  /** The first messages, oldest first; nothing is received or counted. */
  peek(queueArn: string, limit: number): PeekedMessage[] {
    const { engine } = this.queues.get(queueArn);
    return engine.peek(limit).map((message) => peekedMessage(message, engine.stateOf(message)));
  }

  committed(): Promise<void> {
    return this.#store.committed();
  }

  async close(): Promise<void> {
    this.moveTasks.close();
    for (const { engine } of this.queues.all()) engine.close();
    await this.committed();
  }

  /** A delay on demand. In a FIFO queue only the queue itself has one. */
  #late(queue: OpenQueue, messages: readonly OutgoingMessage[]): readonly OutgoingMessage[] {
    const { faults } = this.#foundation;
    if (!faults || queue.fifo) return messages;
    return messages.map((message) => {
      const delayMs = faults.delayMs('sqs', queue.arn);
      const { delaySeconds = Number(queue.attributes.DelaySeconds) } = message;
      return delayMs === 0 ? message : { ...message, delaySeconds: delaySeconds + delayMs / 1000 };
    });
  }

  /** A second delivery on demand, to whoever receives next: at least once. A FIFO queue delivers nothing twice. */
  #twice(queue: OpenQueue, received: ReceivedMessage[]): ReceivedMessage[] {
    const { faults } = this.#foundation;
    if (!faults || queue.fifo) return received;
    for (const { receiptHandle } of received)
      if (faults.duplicates('sqs', queue.arn)) queue.engine.changeVisibility(receiptHandle, 0);
    return received;
  }

  #publishPolicy({ arn, attributes }: OpenQueue): void {
    const document: unknown = attributes.Policy ? jsonText.parse(attributes.Policy) : { Statement: [] };
    this.#foundation.iam.putResourcePolicy(arn, 'Policy', document);
  }

  /** "Available CloudWatch metrics for Amazon SQS": a deletion counts also when the message was gone already. */
  #count(queue: OpenQueue, metric: string, value: number): void {
    this.#foundation.metrics.record('AWS/SQS', metric, { QueueName: queue.name }, value);
  }

  #record(action: string, queue: OpenQueue, ids: Readonly<Record<string, string | number>>): void {
    this.#foundation.trace.record({
      at: this.#foundation.clock.now(),
      service: 'sqs',
      action,
      resource: queue.arn,
      ids,
    });
  }
}
