import type { ConsumerCrashEvent, ConsumerGroupJoinEvent, EachBatchPayload } from 'kafkajs';
import type { Foundation } from '../cloud.ts';
import type { KafkaClient, KafkaConsumer } from '../kafka/client.ts';
import type { PollTarget } from './event-source.ts';
import type { KafkaOrigin } from './kafka-event.ts';
import { type KafkaItem, KafkaLane } from './kafka-lane.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import type { KafkaTurns } from './kafka-turns.ts';
import { KafkaWindow } from './kafka-window.ts';
import { sleep } from './sleep.ts';
import type { Exhausted } from './stream-attempts.ts';

const SESSION_MS = 10_000;
const HEARTBEAT_MS = 1_000;
/** A fetch answers after this time at the latest, so that whoever wants to commit or to stop has not long to wait. */
const FETCH_WAIT_MS = 250;
/** How long a batch may hold up what was fetched of the other partitions: the client fetches all of them together. */
const PATIENCE_MS = 250;
/** All partitions of a consumer are worked on side by side. */
const PARTITIONS_AT_ONCE = 100;
const AGAIN_MS = 1_000;

export interface MemberSurroundings {
  readonly foundation: Foundation;
  readonly client: KafkaClient;
  readonly groupId: string;
  readonly settings: KafkaSettings;
  readonly target: PollTarget;
  readonly origin: KafkaOrigin;
  readonly turns: KafkaTurns;
  readonly stopping: AbortSignal;
  giveUp(partition: string, exhausted: Exhausted<KafkaItem>): Promise<void>;
  joined(): void;
  failed(error: unknown): void;
  /** The client goes on by itself after what it takes for passing, and not after this. */
  ended(member: KafkaMember): void;
}

/** A partition whose records are in work; nothing more of it is fetched meanwhile. */
interface Held {
  readonly lost: AbortController;
  readonly resume: () => void;
}

/**
 * One member of a consumer group. It tries the records of each partition by themselves: a partition that takes long is
 * paused, and the member goes on fetching the others and telling the group that it lives.
 */
export class KafkaMember {
  readonly #around: MemberSurroundings;
  readonly #consumer: KafkaConsumer;
  readonly #window: KafkaWindow;
  readonly #held = new Map<number, Held>();
  readonly #working = new Set<Promise<void>>();
  #memberId = '';

  constructor(surroundings: MemberSurroundings) {
    const { foundation, client, groupId, settings, stopping } = surroundings;
    this.#around = surroundings;
    this.#window = new KafkaWindow(foundation.clock, settings);
    this.#consumer = client.consumer({
      groupId,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: SESSION_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      retry: { restartOnFailure: async () => !stopping.aborted },
    });
    this.#consumer.on('consumer.group_join', ({ payload }) => this.#joined(payload));
    this.#consumer.on('consumer.crash', ({ payload }) => this.#crashed(payload));
  }

  /** Throws what the broker says, or that it says nothing. */
  async join(): Promise<void> {
    const { settings } = this.#around;
    await this.#consumer.connect();
    await this.#consumer.subscribe({
      topics: [settings.topic],
      fromBeginning: settings.start.type !== 'LATEST',
    });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => this.#take(payload),
    });
  }

  /** What is in work ends first, as far as it is still this member's. */
  async leave(): Promise<void> {
    await Promise.all(this.#working);
    await this.#consumer.disconnect().catch(() => undefined);
  }

  async #take(payload: EachBatchPayload): Promise<void> {
    const { foundation, stopping } = this.#around;
    const resume = payload.pause();
    if (stopping.aborted) return;
    const held = { lost: new AbortController(), resume };
    this.#held.set(payload.batch.partition, held);
    const gathering = this.#window.left(payload.batch);
    const working = gathering > 0 ? this.#sleep(gathering, held) : this.#handle(payload, held);
    const ended = working.then(() => this.#release(payload.batch.partition, held));
    this.#working.add(ended);
    void ended.then(() => this.#working.delete(ended));
    if (gathering > 0) return;
    const patience = new AbortController();
    await Promise.race([ended, sleep(foundation.clock, PATIENCE_MS, patience.signal)]);
    patience.abort();
  }

  async #handle(payload: EachBatchPayload, held: Held): Promise<void> {
    const { foundation, settings, target, origin, stopping, turns, groupId, giveUp, failed } = this.#around;
    const { batch } = payload;
    const lane = new KafkaLane(
      {
        ...{ foundation, settings, target, origin, giveUp },
        stopped: () => stopping.aborted,
        lost: () => held.lost.signal.aborted,
        sleep: (ms) => this.#sleep(ms, held),
      },
      payload,
    );
    try {
      await turns.take(`${groupId} ${batch.topic}-${batch.partition}`, () => lane.run());
    } catch (error) {
      // It is fetched again from where it is committed.
      failed(error);
      await this.#sleep(AGAIN_MS, held);
    }
  }

  /** A member that is leaving takes nothing more. */
  #release(partition: number, held: Held): void {
    if (this.#held.get(partition) !== held) return;
    this.#held.delete(partition);
    if (!this.#around.stopping.aborted) held.resume();
  }

  /**
   * What was in work of a partition that has gone to another member is dropped. A member with a new name was taken for
   * dead: others may have worked on its partitions in between, also on those that it has again.
   */
  #joined({ memberId, memberAssignment }: ConsumerGroupJoinEvent['payload']): void {
    const mine = memberId === this.#memberId ? memberAssignment[this.#around.settings.topic] : undefined;
    this.#memberId = memberId;
    for (const partition of this.#held.keys()) {
      if (!mine?.includes(partition)) this.#drop(partition);
    }
    this.#around.joined();
  }

  #crashed({ error, restart }: ConsumerCrashEvent['payload']): void {
    for (const partition of this.#held.keys()) this.#drop(partition);
    this.#around.failed(error);
    if (!restart) this.#around.ended(this);
  }

  #drop(partition: number): void {
    const held = this.#held.get(partition);
    this.#held.delete(partition);
    held?.lost.abort();
    // It may come back to this member, and is fetched then.
    held?.resume();
  }

  #sleep(ms: number, { lost }: Held): Promise<void> {
    const { foundation, stopping } = this.#around;
    return sleep(foundation.clock, ms, stopping, lost.signal);
  }
}
