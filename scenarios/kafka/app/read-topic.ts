import { randomUUID } from 'node:crypto';
import { clientOf, type KafkaDoor, withAdmin } from './door.ts';

export interface ReadRecord {
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

const IDLE_MS = 60_000;

/** How far each partition goes now: the offsets behind the last record. */
export const endOffsets = async (door: KafkaDoor, topic: string): Promise<ReadonlyMap<number, bigint>> => {
  const offsets = await withAdmin(door, (admin) => admin.fetchTopicOffsets(topic));
  return new Map(offsets.map(({ partition, high }) => [partition, BigInt(high)]));
};

/** Where to begin, by partition; from the beginning when left out. */
export interface ReadFrom {
  readonly offsets?: ReadonlyMap<number, bigint>;
}

/**
 * Reads a topic as a consumer group of its own, up to where it ends now, in the order of each partition.
 * @throws Error when the end is not reached within a minute
 */
export const readTopic = async (
  door: KafkaDoor,
  topic: string,
  { offsets = new Map<number, bigint>() }: ReadFrom = {},
): Promise<readonly ReadRecord[]> => {
  const ends = await endOffsets(door, topic);
  const missing = new Set(
    [...ends].filter(([partition, end]) => end > (offsets.get(partition) ?? 0n)).map(([p]) => p),
  );
  if (missing.size === 0) return [];
  const read: ReadRecord[] = [];
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  const patience = setTimeout(() => reject(new Error(`${topic} was not read in ${IDLE_MS} ms`)), IDLE_MS);
  const groupId = `scenario-${randomUUID()}`;
  const consumer = clientOf(door).consumer({ groupId, maxWaitTimeInMs: 100 });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        const offset = BigInt(message.offset);
        const end = ends.get(partition) ?? 0n;
        if (offset >= end) return;
        read.push({
          partition,
          offset,
          key: message.key?.toString() ?? '',
          value: message.value?.toString() ?? '',
          headers: Object.fromEntries(
            Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
          ),
        });
        if (offset === end - 1n) missing.delete(partition);
        if (missing.size === 0) resolve();
      },
    });
    for (const [partition, offset] of offsets) consumer.seek({ topic, partition, offset: String(offset) });
    await done;
  } finally {
    clearTimeout(patience);
    await consumer.disconnect();
    await withAdmin(door, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
  // What was read before the seek took effect is there twice.
  return [...new Map(read.map((record) => [`${record.partition}/${record.offset}`, record])).values()].filter(
    ({ partition, offset }) => offset >= (offsets.get(partition) ?? 0n),
  );
};
