import { Kafka, logLevel } from 'kafkajs';
import type { Consuming, Source } from './protocol.ts';

type LogSource = Extract<Source, { kind: 'log' }>;

/** The least that a broker allows as it comes: so long a dead member keeps its partitions. */
export const SESSION_TIMEOUT_MS = 6_000;
const HEARTBEAT_MS = 500;
/** As long as an empty topic answers nothing, the client can neither leave nor see that another one joins. */
const LONGEST_FETCH_MS = 500;

/**
 * A member of a consumer group, which commits each record when the work on it is done.
 * @throws what its client gave up for: it then reads no more, and says so by an event only
 */
export const consumeLog = async (
  { bootstrapServers, topic, groupId, commitFirst }: LogSource,
  { work, tell, begun, stopping }: Consuming,
): Promise<void> => {
  const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: SESSION_TIMEOUT_MS,
    heartbeatInterval: HEARTBEAT_MS,
    maxWaitTimeInMs: LONGEST_FETCH_MS,
  });
  const joined = new Promise<void>((done) => {
    consumer.on(consumer.events.GROUP_JOIN, () => done());
  });
  const stopped = new Promise<void>((done) => {
    stopping.addEventListener('abort', () => done(), { once: true });
  });
  const crashed = new Promise<never>((_, fail) => {
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      if (!restart) fail(error);
    });
  });
  const reading = async (): Promise<void> => {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic: name, partition, message, heartbeat }) => {
        while (!(await isIn(begun, HEARTBEAT_MS))) await heartbeat();
        const next = [{ topic: name, partition, offset: String(BigInt(message.offset) + 1n) }];
        if (commitFirst) await consumer.commitOffsets(next);
        // The broker does not count deliveries: what comes again looks like the first time.
        const outcome = await work(message.value ?? '', false);
        if (outcome === 'hold') return new Promise(() => undefined);
        if (!commitFirst) await consumer.commitOffsets(next);
        await heartbeat();
      },
    });
    await joined;
    tell({ kind: 'ready' });
    await stopped;
    await consumer.disconnect();
  };
  await Promise.race([reading(), crashed]);
};

/** Whether something has come within `ms`. */
const isIn = (coming: Promise<void>, ms: number): Promise<boolean> =>
  new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), ms);
    void coming.then(() => {
      clearTimeout(late);
      resolve(true);
    });
  });
