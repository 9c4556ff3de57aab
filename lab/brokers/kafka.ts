import { setTimeout as pause } from 'node:timers/promises';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import type { Broker, Lane, LaneOptions, Outage } from '../broker.ts';
import { startConsumer } from '../consumers/consumer-process.ts';
import { kafkaProducer } from './kafka-producer.ts';

/** A broker that the lab may use, and may make fail when it is its own. */
export interface KafkaTarget {
  readonly bootstrapServers: string;
  /** What was measured, for the report. */
  readonly version: string;
  readonly outage?: Outage;
}

export interface KafkaOptions {
  /** Commits before the work is done: what a consumer must not do, for the lab to show. */
  readonly commitFirst?: boolean;
}

const PARTITIONS = 4;
const SETTLED_WITHIN_MS = 15_000;

/** Apache Kafka: a topic of its own for each run, acknowledged by all replicas, written by an idempotent producer. */
export const kafka = (target: KafkaTarget, options: KafkaOptions = {}): Broker => ({
  name: 'kafka',
  version: target.version,
  fanOut: true,
  ...(target.outage && { outage: target.outage }),
  open: async (lane) => logLane(target, lane, options),
});

const logLane = async (
  { bootstrapServers }: KafkaTarget,
  { run, format }: LaneOptions,
  { commitFirst = false }: KafkaOptions,
): Promise<Lane> => {
  const client = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING });
  const topic = `lab-${run}`;
  const admin = client.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: false });
  await led(admin, topic);
  return {
    producer: () => kafkaProducer(client, topic, format),
    consumer: (options, onReceived) =>
      startConsumer(
        {
          kind: 'log',
          bootstrapServers,
          topic,
          groupId: `${topic}-${options.group}`,
          commitFirst,
        },
        { ...options, run, format: format.name },
        { onReceived },
      ),
    divided: (group, consumers) => stable(admin, `${topic}-${group}`, consumers),
    answers: async () => {
      await admin.describeCluster();
    },
    close: async () => {
      try {
        await admin.deleteTopics({ topics: [topic] });
      } finally {
        await admin.disconnect();
      }
    },
  };
};

/** Each member that joins makes all of them divide the partitions anew, and nobody reads meanwhile. */
const stable = async (admin: Admin, groupId: string, members: number): Promise<void> => {
  for (const deadline = Date.now() + SETTLED_WITHIN_MS; Date.now() < deadline; await pause(100)) {
    const { groups } = await admin.describeGroups([groupId]);
    if (groups[0]?.state === 'Stable' && groups[0].members.length === members) return;
  }
  throw new Error(`the group ${groupId} does not settle`);
};

/** A broker knows of a new topic a moment later than the one that made it. */
const led = async (admin: Admin, topic: string): Promise<void> => {
  for (const deadline = Date.now() + SETTLED_WITHIN_MS; ; await pause(50)) {
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      if (topics[0]?.partitions.every(({ leader }) => leader >= 0)) return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    if (Date.now() > deadline) throw new Error(`the topic ${topic} has no leader`);
  }
};
