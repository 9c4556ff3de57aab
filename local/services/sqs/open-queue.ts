import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { OutgoingMessage } from '../../ports.ts';
import { FifoQueue } from './fifo-queue.ts';
import { type Content, type Message, unreceived } from './message.ts';
import { contentOf } from './outgoing.ts';
import { type QueueAttributes, sendRulesOf, settingsOf } from './queue-attributes.ts';
import { parseRedrivePolicy, type RedrivePolicy } from './redrive-policy.ts';
import { StandardQueue } from './standard-queue.ts';
import type { SqsStore, StoredQueue } from './store.ts';

export interface Sent {
  readonly messageId: string;
  readonly sequenceNumber?: string;
}

interface Surroundings {
  readonly clock: Clock;
  readonly store: SqsStore;
  readonly arn: string;
  readonly url: string;
  find(arn: string): OpenQueue | undefined;
  /** Learns that a message went to a dead-letter queue. */
  readonly deadLettered: (messageId: string, source: OpenQueue, target: OpenQueue) => void;
}

/** A queue of the account: its attributes and tags beside the engine that holds its messages. */
export class OpenQueue {
  readonly arn: string;
  readonly url: string;
  readonly fifo: boolean;
  readonly engine: StandardQueue | FifoQueue;
  purgedAt: number | undefined;
  readonly #surroundings: Surroundings;
  #stored: StoredQueue;
  #redrive: RedrivePolicy | undefined;

  constructor(stored: StoredQueue, surroundings: Surroundings) {
    this.#stored = stored;
    this.#surroundings = surroundings;
    this.arn = surroundings.arn;
    this.url = surroundings.url;
    this.fifo = stored.name.endsWith('.fifo');
    this.#redrive = redriveOf(stored.attributes);
    const options = {
      number: stored.number,
      clock: surroundings.clock,
      settings: settingsOf(stored.attributes, this.#redrive?.maxReceiveCount),
      journal: surroundings.store.journal(stored.number),
      deadLetters: () => this.#deadLetters(),
    };
    this.engine = this.fifo ? new FifoQueue(options) : new StandardQueue(options);
  }

  get name(): string {
    return this.#stored.name;
  }

  get number(): number {
    return this.#stored.number;
  }

  get attributes(): QueueAttributes {
    return this.#stored.attributes;
  }

  get tags(): Readonly<Record<string, string>> {
    return this.#stored.tags;
  }

  get createdAt(): number {
    return this.#stored.createdAt;
  }

  get modifiedAt(): number {
    return this.#stored.modifiedAt;
  }

  get redrive(): RedrivePolicy | undefined {
    return this.#redrive;
  }

  /** Reads back what the store kept. */
  restore(): void {
    const { store } = this.#surroundings;
    if (this.engine instanceof FifoQueue) this.engine.restoreWindow(store.deduplications(this.number));
    this.engine.restore(store.messages(this.number));
  }

  setAttributes(attributes: QueueAttributes): void {
    this.#save({ ...this.#stored, attributes, modifiedAt: this.#surroundings.clock.now() });
    this.#redrive = redriveOf(attributes);
    this.engine.change(settingsOf(attributes, this.#redrive?.maxReceiveCount));
  }

  setTags(tags: Readonly<Record<string, string>>): void {
    this.#save({ ...this.#stored, tags });
  }

  /** Messages that were checked before. */
  send(messages: readonly OutgoingMessage[], senderId: string): Sent[] {
    const now = this.#surroundings.clock.now();
    const contents = messages.map((message) => contentOf(message, senderId, now));
    if (this.engine instanceof FifoQueue)
      return this.engine.send(contents.map((content) => ({ ...content, groupId: content.groupId ?? '' })));
    this.engine.send(contents.map((content, index) => ({ content, delayMs: delayMsOf(messages[index]) })));
    return contents.map(({ id }) => ({ messageId: id }));
  }

  rules() {
    return sendRulesOf(this.attributes);
  }

  /** Takes in a message that another queue gave up on. */
  takeDeadLetter(message: Message, sourceArn: string): void {
    this.engine.takeOver(
      { ...contentAlone(message), deadLetterSourceArn: sourceArn },
      { ...message, receivedElsewhere: message.receiveCount },
    );
  }

  /** Takes in a message that a move task brings: a new one, with a new id, time and count. */
  takeAnew(message: Message): void {
    const now = this.#surroundings.clock.now();
    const content = {
      ...contentAlone(message),
      id: randomUUID(),
      sentAt: now,
      deadLetterSourceArn: undefined,
    };
    this.engine.takeOver(content, { ...unreceived, enqueuedAt: now, visibleAt: now });
  }

  #deadLetters(): ((message: Message) => void) | undefined {
    const target = this.#redrive && this.#surroundings.find(this.#redrive.deadLetterTargetArn);
    if (!target) return undefined;
    return (message) => {
      target.takeDeadLetter(message, this.arn);
      this.#surroundings.deadLettered(message.id, this, target);
    };
  }

  #save(stored: StoredQueue): void {
    this.#stored = stored;
    this.#surroundings.store.saveQueue(stored);
  }
}

const redriveOf = ({ RedrivePolicy: text }: QueueAttributes): RedrivePolicy | undefined =>
  text ? parseRedrivePolicy(text) : undefined;

const delayMsOf = (message: OutgoingMessage | undefined): number | undefined =>
  message?.delaySeconds === undefined ? undefined : message.delaySeconds * 1000;

/** What the sender of a message gave, without what happened to it since. */
const contentAlone = (content: Content): Content => ({
  id: content.id,
  body: content.body,
  attributes: content.attributes,
  groupId: content.groupId,
  deduplicationId: content.deduplicationId,
  sequenceNumber: content.sequenceNumber,
  traceHeader: content.traceHeader,
  senderId: content.senderId,
  sentAt: content.sentAt,
  deadLetterSourceArn: content.deadLetterSourceArn,
});
