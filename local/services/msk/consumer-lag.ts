import type { Timer } from '../../clock.ts';
import type { Foundation } from '../../cloud.ts';
import { type KafkaAdmin, type KafkaClient, NOTHING_COMMITTED } from '../../kafka/client.ts';
import type { Gauge } from '../cloudwatch/service.ts';

/** How often the broker is asked, in milliseconds: often enough that each minute has a fresh datum. */
const EVERY_MS = 10_000;

/** A consumer group of a topic. */
export interface WatchedGroup {
  readonly clusterName: string;
  readonly groupId: string;
  readonly topic: string;
  /** Where the group begins in a partition of which it has committed nothing. */
  readonly begins: 'low' | 'high';
}

interface Watched extends WatchedGroup {
  /** Undefined until the broker has told. */
  lag: number | undefined;
}

/**
 * How far consumer groups are behind: for each partition what the broker has, less what the group has committed, and the
 * sum of it (Amazon MSK Developer Guide, "Monitor consumer lags"). It is the broker that is asked, so that a group that
 * hangs, or that nobody is in, is seen to fall behind.
 */
export class ConsumerLag {
  readonly #foundation: Foundation;
  readonly #client: () => KafkaClient;
  readonly #watched = new Map<string, Watched>();
  #timer: Timer | undefined;
  #asking: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(foundation: Foundation, client: () => KafkaClient) {
    this.#foundation = foundation;
    this.#client = client;
  }

  /** From now on, also while nobody reads for the group. */
  watch(group: WatchedGroup): void {
    const key = JSON.stringify([group.clusterName, group.groupId, group.topic]);
    this.#watched.set(key, { ...group, lag: this.#watched.get(key)?.lag });
    this.#arm();
  }

  /** `SumOffsetLag` of each group, as the broker told last: while the broker is away that stands. */
  readonly gauge: Gauge = (metrics, at) => {
    for (const { clusterName, groupId, topic, lag } of this.#watched.values()) {
      if (lag === undefined) continue;
      const dimensions = { 'Cluster Name': clusterName, 'Consumer Group': groupId, Topic: topic };
      // The end of a minute is the beginning of the next one.
      metrics.recordAt(at - 1, { namespace: 'AWS/Kafka', name: 'SumOffsetLag', dimensions }, lag);
    }
  };

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#asking;
  }

  #arm(): void {
    if (this.#timer || this.#closed) return;
    this.#timer = this.#foundation.clock.after(EVERY_MS, () => {
      this.#asking = this.#ask().then(() => {
        this.#timer = undefined;
        this.#arm();
      });
    });
  }

  async #ask(): Promise<void> {
    const admin = this.#client().admin();
    try {
      await admin.connect();
      await Promise.all([...this.#watched.values()].map((watched) => renew(admin, watched)));
    } catch {
      // The broker is away, as those who read of it tell.
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}

/** A topic that nobody has made hides no other's lag. */
const renew = async (admin: KafkaAdmin, watched: Watched): Promise<void> => {
  try {
    watched.lag = await lagOf(admin, watched);
  } catch {
    // What the broker told last stands.
  }
};

const lagOf = async (admin: KafkaAdmin, { groupId, topic, begins }: WatchedGroup): Promise<number> => {
  const [ends, [committed]] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchOffsets({ groupId, topics: [topic] }),
  ]);
  const positions = new Map(committed?.partitions.map(({ partition, offset }) => [partition, offset]));
  return ends.reduce((sum, end) => {
    const position = positions.get(end.partition) ?? NOTHING_COMMITTED;
    const behind = Number(end.high) - Number(position === NOTHING_COMMITTED ? end[begins] : position);
    // Both are asked at once: a group may have committed beyond the end that was told.
    return sum + Math.max(0, behind);
  }, 0);
};
