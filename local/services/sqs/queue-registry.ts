import type { Clock } from '../../clock.ts';
import { invalidValue, queueDoesNotExist, SqsError } from './errors.ts';
import { OpenQueue } from './open-queue.ts';
import {
  checkAttributes,
  checkTogether,
  defaultAttributes,
  mergeAttributes,
  type QueueAttributes,
} from './queue-attributes.ts';
import { allowsRedriveFrom, parseRedrivePolicy } from './redrive-policy.ts';
import type { SqsStore, StoredQueue } from './store.ts';

export interface Address {
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
}

type DeadLettered = (messageId: string, source: OpenQueue, target: OpenQueue) => void;

export interface QueueDefinition {
  readonly name: string;
  /** As in CreateQueue: every value is a string. */
  readonly attributes: QueueAttributes;
  readonly tags?: Readonly<Record<string, string>>;
}

const RECREATE_MS = 60_000;
const PURGE_INTERVAL_MS = 60_000;
const standardName = /^[\w-]{1,80}$/;
const fifoName = /^(?=.{1,80}$)[\w-]+\.fifo$/;

/** The account's queues. */
export class QueueRegistry {
  readonly #clock: Clock;
  readonly #store: SqsStore;
  readonly #address: Address;
  readonly #deadLettered: DeadLettered;
  readonly #byName = new Map<string, OpenQueue>();
  readonly #deletedAt = new Map<string, number>();
  #nextNumber = 1;

  constructor(clock: Clock, store: SqsStore, address: Address, deadLettered: DeadLettered) {
    this.#deadLettered = deadLettered;
    this.#clock = clock;
    this.#store = store;
    this.#address = address;
    for (const stored of store.queues()) this.#open(stored);
    for (const queue of this.#byName.values()) queue.restore();
  }

  arnOf(name: string): string {
    return `arn:aws:sqs:${this.#address.region}:${this.#address.account}:${name}`;
  }

  /** Sorted by name. */
  all(): OpenQueue[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(arn: string): OpenQueue | undefined {
    const queue = this.#byName.get(arn.slice(arn.lastIndexOf(':') + 1));
    return queue?.arn === arn ? queue : undefined;
  }

  /** @throws QueueDoesNotExist */
  get(arn: string): OpenQueue {
    const queue = this.find(arn);
    if (!queue) throw queueDoesNotExist();
    return queue;
  }

  /** The ARN that a queue URL stands for, whatever its host. @throws QueueDoesNotExist */
  arnOfUrl(url: string): string {
    const [account, name] = url.split('/').slice(-2);
    if (!name || account !== this.#address.account) throw queueDoesNotExist();
    return this.arnOf(name);
  }

  /**
   * "CreateQueue": the same name with the same attributes is the queue that is there.
   * @throws QueueNameExists, QueueDeletedRecently, InvalidParameterValue, InvalidAttributeName, InvalidAttributeValue
   */
  create({ name, attributes: given, tags = {} }: QueueDefinition): OpenQueue {
    const existing = this.#byName.get(name);
    if (existing) return withSameAttributes(existing, checkAttributes(given, existing.fifo));
    const deletedAt = this.#deletedAt.get(name);
    if (deletedAt !== undefined && deletedAt + RECREATE_MS > this.#clock.now())
      throw new SqsError(
        'QueueDeletedRecently',
        'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
      );
    return this.#create(name, given, tags);
  }

  /** Makes sure that the queue exists with exactly these attributes and tags, and keeps its messages. */
  ensure({ name, attributes: given, tags = {} }: QueueDefinition): OpenQueue {
    const existing = this.#byName.get(name);
    if (!existing) return this.#create(name, given, tags);
    const attributes = this.#validAttributes(name, given, defaultAttributes(existing.fifo));
    existing.setAttributes(attributes);
    existing.setTags(tags);
    return existing;
  }

  /** "SetQueueAttributes". @throws InvalidAttributeName, InvalidAttributeValue, InvalidParameterValue */
  change(queue: OpenQueue, change: QueueAttributes): void {
    queue.setAttributes(this.#validAttributes(queue.name, change, queue.attributes));
  }

  delete(queue: OpenQueue): void {
    this.#byName.delete(queue.name);
    this.#deletedAt.set(queue.name, this.#clock.now());
    queue.engine.close();
    this.#store.deleteQueue(queue.number);
  }

  /** "PurgeQueue". @throws PurgeQueueInProgress */
  purge(queue: OpenQueue): void {
    const now = this.#clock.now();
    if (queue.purgedAt !== undefined && queue.purgedAt + PURGE_INTERVAL_MS > now)
      throw new SqsError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
      );
    queue.purgedAt = now;
    queue.engine.purge();
  }

  /** The queues whose dead-letter queue this is. */
  sourcesOf(deadLetterArn: string): OpenQueue[] {
    return this.all().filter(({ redrive }) => redrive?.deadLetterTargetArn === deadLetterArn);
  }

  #create(name: string, given: QueueAttributes, tags: Readonly<Record<string, string>>): OpenQueue {
    checkName(name, given.FifoQueue?.toLowerCase() === 'true');
    const attributes = this.#validAttributes(name, given, defaultAttributes(name.endsWith('.fifo')));
    const now = this.#clock.now();
    const stored = { number: this.#nextNumber, name, createdAt: now, modifiedAt: now, attributes, tags };
    this.#store.saveQueue(stored);
    return this.#open(stored);
  }

  #open(stored: StoredQueue): OpenQueue {
    this.#nextNumber = Math.max(this.#nextNumber, stored.number + 1);
    const queue = new OpenQueue(stored, {
      clock: this.#clock,
      store: this.#store,
      arn: this.arnOf(stored.name),
      url: `${this.#address.endpoint}/${this.#address.account}/${stored.name}`,
      find: (arn) => this.find(arn),
      deadLettered: this.#deadLettered,
    });
    this.#byName.set(stored.name, queue);
    return queue;
  }

  #validAttributes(name: string, given: QueueAttributes, current: QueueAttributes): QueueAttributes {
    const attributes = mergeAttributes(current, checkAttributes(given, name.endsWith('.fifo')));
    checkTogether(attributes);
    if (given.RedrivePolicy) this.#checkRedrive(name, given.RedrivePolicy);
    allowsRedriveFrom(attributes.RedriveAllowPolicy, '');
    return attributes;
  }

  #checkRedrive(name: string, text: string): void {
    const refuse = (reason: string) => invalidValue(text, 'RedrivePolicy', reason);
    const { deadLetterTargetArn } = parseRedrivePolicy(text);
    if (!/^arn:[^:]+:sqs:[^:]+:\d{12}:.+$/.test(deadLetterTargetArn))
      throw refuse('Invalid value for deadLetterTargetArn.');
    const target = this.find(deadLetterTargetArn);
    if (!target) throw refuse('Dead letter target does not exist.');
    if (target.fifo !== name.endsWith('.fifo'))
      throw refuse('Dead-letter queue must be same type of queue as the source.');
    if (!allowsRedriveFrom(target.attributes.RedriveAllowPolicy, this.arnOf(name)))
      throw refuse('The dead-letter queue does not allow this source queue.');
  }
}

/** @throws InvalidParameterValue */
export const checkName = (name: string, fifo: boolean): void => {
  if (fifo && !fifoName.test(name))
    throw new SqsError(
      'InvalidParameterValue',
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
    );
  if (!fifo && !standardName.test(name))
    throw new SqsError(
      'InvalidParameterValue',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
};

const withSameAttributes = (queue: OpenQueue, given: QueueAttributes): OpenQueue => {
  for (const [name, value] of Object.entries(given)) {
    if ((queue.attributes[name] ?? '') !== value)
      throw new SqsError(
        'QueueNameExists',
        `A queue already exists with the same name and a different value for attribute ${name}`,
      );
  }
  return queue;
};
