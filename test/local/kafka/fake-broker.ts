import type {
  Batch,
  ConsumerCrashEvent,
  ConsumerGroupJoinEvent,
  ConsumerRunConfig,
  EachBatchPayload,
  KafkaMessage,
} from 'kafkajs';
import type { VirtualClock } from '../../../local/clock.ts';
import type { KafkaAdmin, KafkaClient, KafkaConsumer } from '../../../local/kafka/client.ts';

export const TOPIC = 'activity';
const FETCH_WAIT_MS = 250;

type Listening =
  | ['consumer.crash', (event: ConsumerCrashEvent) => void]
  | ['consumer.group_join', (event: ConsumerGroupJoinEvent) => void];

const ANY_EVENT = { id: '', type: '', timestamp: 0 };

const unreachable = (): Error =>
  Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9092'), { name: 'KafkaJSConnectionError' });

/**
 * A broker with one topic and one group, and its client as kafkajs is: a member fetches all of its partitions together,
 * and fetches nothing more until `eachBatch` has returned for each of them; its offsets begin anew when it joins again.
 */
export class FakeBroker {
  away = false;
  readonly committed = new Map<number, number>();
  readonly members: FakeMember[] = [];
  readonly #clock: VirtualClock;
  readonly #log: KafkaMessage[][];

  constructor(clock: VirtualClock, partitions = 2) {
    this.#clock = clock;
    this.#log = Array.from({ length: partitions }, () => []);
  }

  get client(): KafkaClient {
    return {
      consumer: () => new FakeMember(this, this.#clock),
      admin: () => this.#admin(),
    };
  }

  append(partition: number, ...values: readonly string[]): void {
    for (const value of values) {
      const log = this.log(partition);
      log.push({
        key: null,
        value: Buffer.from(value),
        timestamp: String(this.#clock.now()),
        offset: String(log.length),
        attributes: 0,
        headers: {},
      });
    }
  }

  log(partition: number): KafkaMessage[] {
    return this.#log[partition] ?? [];
  }

  /** What each member has from now on; each learns of it when it fetches next. */
  assign(...partitionsOfMembers: readonly (readonly number[])[]): void {
    for (const [index, partitions] of partitionsOfMembers.entries()) this.members[index]?.assign(partitions);
  }

  /** The partitions one after the other, to one member after the other. */
  rebalance(): void {
    const all = this.#log.map((_, partition) => partition);
    const { length } = this.members;
    this.assign(...this.members.map((_, index) => all.filter((partition) => partition % length === index)));
  }

  reach(): void {
    if (this.away) throw unreachable();
  }

  #admin(): KafkaAdmin {
    const offsets = () => this.#log.map(({ length }, partition) => ({ partition, high: String(length) }));
    return {
      connect: async () => this.reach(),
      disconnect: async () => undefined,
      createTopics: async () => true,
      createPartitions: async () => true,
      alterConfigs: async () => undefined,
      fetchTopicMetadata: async () => ({ topics: [] }),
      fetchTopicOffsets: async (topic) => {
        if (topic !== TOPIC) throw new Error('This server does not host this topic-partition');
        return offsets().map(({ partition, high }) => ({ partition, high, offset: high, low: '0' }));
      },
      fetchTopicOffsetsByTimestamp: async () => [],
      fetchOffsets: async () => [
        {
          topic: TOPIC,
          partitions: offsets().map(({ partition }) => ({
            partition,
            offset: String(this.committed.get(partition) ?? -1),
            metadata: null,
          })),
        },
      ],
      setOffsets: async () => undefined,
    };
  }
}

/** A member of the group, with the parts of kafkajs's consumer that matter here. */
export class FakeMember implements KafkaConsumer {
  readonly paused = new Set<number>();
  readonly #broker: FakeBroker;
  readonly #clock: VirtualClock;
  #tellCrash: (event: ConsumerCrashEvent) => void = () => undefined;
  #tellJoin: (event: ConsumerGroupJoinEvent) => void = () => undefined;
  #memberId = `member-${Math.random()}`;
  #positions = new Map<number, number>();
  #assigned: readonly number[] | undefined;
  #running = false;
  /** How often it has told the group that it lives. */
  heartbeats = 0;

  constructor(broker: FakeBroker, clock: VirtualClock) {
    this.#broker = broker;
    this.#clock = clock;
  }

  on(...[event, listener]: Listening): void {
    if (event === 'consumer.crash') this.#tellCrash = listener;
    else this.#tellJoin = listener;
  }

  async connect(): Promise<void> {
    this.#broker.reach();
  }

  async subscribe(): Promise<void> {}

  async run({ eachBatch }: ConsumerRunConfig = {}): Promise<void> {
    this.#running = true;
    this.#broker.members.push(this);
    this.#broker.rebalance();
    if (eachBatch) void this.#fetchOn(eachBatch);
  }

  async disconnect(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    this.#broker.members.splice(this.#broker.members.indexOf(this), 1);
    this.#broker.rebalance();
  }

  assign(partitions: readonly number[]): void {
    this.#assigned = partitions;
  }

  /** The group took it for dead: it comes back under another name. */
  expire(): void {
    this.#memberId = `member-${Math.random()}`;
    this.#assigned = [...this.#positions.keys()];
  }

  crash(restart: boolean): void {
    this.#running = false;
    this.#broker.members.splice(this.#broker.members.indexOf(this), 1);
    this.#tellCrash({ ...ANY_EVENT, payload: { error: unreachable(), restart, groupId: '' } });
  }

  async #fetchOn(eachBatch: (payload: EachBatchPayload) => Promise<void>): Promise<void> {
    while (this.#running) {
      if (this.#assigned) this.#join(this.#assigned);
      this.heartbeats += 1;
      const batches = [...this.#positions]
        .filter(([partition, position]) => !this.paused.has(partition) && this.#has(partition, position))
        .map(([partition, position]) => this.#payload(partition, position));
      if (batches.length > 0) await Promise.all(batches.map(eachBatch));
      else await new Promise<void>((resolve) => this.#clock.after(FETCH_WAIT_MS, resolve));
    }
  }

  #has(partition: number, position: number): boolean {
    return !this.#broker.away && this.#broker.log(partition).length > position;
  }

  #join(partitions: readonly number[]): void {
    this.#assigned = undefined;
    this.#positions = new Map(
      partitions.map((partition) => [partition, this.#broker.committed.get(partition) ?? 0]),
    );
    const payload = {
      memberId: this.#memberId,
      memberAssignment: { [TOPIC]: [...partitions] },
      ...{ duration: 0, groupId: '', isLeader: false, leaderId: '', groupProtocol: '' },
    };
    this.#tellJoin({ ...ANY_EVENT, payload });
  }

  #payload(partition: number, position: number): EachBatchPayload {
    return {
      batch: batchOf(partition, this.#broker.log(partition).slice(position)),
      resolveOffset: (offset) => void this.#positions.set(partition, Number(offset) + 1),
      heartbeat: async () => undefined,
      pause: () => {
        this.paused.add(partition);
        return () => this.paused.delete(partition);
      },
      commitOffsetsIfNecessary: async (offsets) => {
        this.#broker.reach();
        for (const { partitions } of offsets?.topics ?? [])
          for (const { offset } of partitions) this.#broker.committed.set(partition, Number(offset));
      },
      uncommittedOffsets: () => ({ topics: [] }),
      isRunning: () => this.#running,
      isStale: () => false,
    };
  }
}

const batchOf = (partition: number, messages: KafkaMessage[]): Batch => {
  const last = Number(messages.at(-1)?.offset);
  return {
    topic: TOPIC,
    partition,
    highWatermark: String(last + 1),
    messages,
    isEmpty: () => messages.length === 0,
    firstOffset: () => messages[0]?.offset ?? null,
    lastOffset: () => String(last),
    offsetLag: () => '0',
    offsetLagLow: () => '0',
  };
};

/** Lets time pass, and everything happen that falls due. */
export const pass = async (clock: VirtualClock, ms: number): Promise<void> => {
  for (let passed = 0; passed < ms; passed += 50) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(50);
  }
  await new Promise((resolve) => setImmediate(resolve));
};
