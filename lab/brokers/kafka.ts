import { CompressionTypes, Kafka, KafkaJSConnectionError, KafkaJSNonRetriableError, logLevel } from 'kafkajs';
import type { Broker, Lane, Producer } from '../broker.ts';
import { startConsumer } from '../consumers/consumer-process.ts';
import type { Outcome } from '../ledger.ts';

/** A broker that the lab may use, and may make fail when it is its own. */
export interface KafkaTarget {
  readonly bootstrapServers: string;
  /** What was measured, for the report. */
  readonly version: string;
  readonly outage?: { kill(): Promise<void>; restart(): Promise<void> };
}

export interface KafkaOptions {
  /** Commits before the work is done: what a consumer must not do, for the lab to show. */
  readonly commitFirst?: boolean;
}

const PARTITIONS = 4;

/** Apache Kafka: a topic of its own for each run, acknowledged by all replicas, written by an idempotent producer. */
export const kafka = (target: KafkaTarget, options: KafkaOptions = {}): Broker => ({
  name: 'kafka',
  version: target.version,
  fanOut: true,
  open: async (run) => logLane(target, run, options),
});

const logLane = async (
  { bootstrapServers }: KafkaTarget,
  run: string,
  { commitFirst = false }: KafkaOptions,
): Promise<Lane> => {
  const client = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING });
  const topic = `lab-${run}`;
  const admin = client.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic, numPartitions: PARTITIONS, replicationFactor: 1 }],
    waitForLeaders: true,
  });
  const close = async (): Promise<void> => {
    await admin.deleteTopics({ topics: [topic] }).catch(() => undefined);
    await admin.disconnect();
  };
  return {
    producer: () => producerOf(client, topic),
    consumer: (options, onReceived) =>
      startConsumer(
        {
          kind: 'log',
          bootstrapServers,
          topic,
          groupId: `${topic}-${options.group}`,
          fromBeginning: options.from === 'start',
          commitFirst,
        },
        options,
        { onReceived, run },
      ),
    backlog: async (group) => {
      const [ends, [read]] = await Promise.all([
        admin.fetchTopicOffsets(topic),
        admin.fetchOffsets({ groupId: `${topic}-${group}`, topics: [topic] }),
      ]);
      const at = new Map(read?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
      return ends.reduce(
        (sum, { partition, high }) => sum + Number(high) - Math.max(0, at.get(partition) ?? 0),
        0,
      );
    },
    close,
  };
};

const producerOf = async (client: Kafka, topic: string): Promise<Producer> => {
  // It must not wait for a broker that is away for longer than a run: whether it has the message is then unknown.
  const producer = client.producer({ idempotent: true, maxInFlightRequests: 1, retry: { retries: 3 } });
  await producer.connect();
  return {
    send: async (message): Promise<Outcome> => {
      try {
        const value = JSON.stringify(message);
        const messages = [{ key: message.key, value }];
        await producer.send({ topic, acks: -1, compression: CompressionTypes.None, messages });
        return 'acknowledged';
      } catch (error) {
        const refused =
          error instanceof KafkaJSNonRetriableError && !(error.cause instanceof KafkaJSConnectionError);
        return refused && error.name === 'KafkaJSProtocolError' ? 'failed' : 'unknown';
      }
    },
    close: () => producer.disconnect(),
  };
};
