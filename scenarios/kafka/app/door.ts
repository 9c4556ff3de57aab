import { randomUUID } from 'node:crypto';
import { type Admin, Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import type { Scenario } from '../../scenario.ts';

/** The broker in the hands of a scenario: Kafka's own protocol, and, where it is ours to break, a way to break it. */
export interface KafkaDoor {
  /** `host:port[,host:port]` */
  readonly bootstrapServers: string;
  /** Which broker it is, for whoever reads the results. */
  readonly origin: string;
  /** SIGKILL, and a new start on the same log. Not there when the broker is somebody else's. */
  readonly outage?: { kill(): Promise<void>; restart(): Promise<void> };
  /** A second way in, over TLS and with tokens; `certificate` is a file in PEM. Not there when the broker has none. */
  readonly guarded?: GuardedDoor | undefined;
}

export interface GuardedDoor {
  readonly bootstrapServers: string;
  readonly certificate: string;
}

/** Why a scenario is left out where there is no such way in. */
export const NO_GUARD = 'it needs a way in by tokens, which only a broker has that was started here on Java';

/** A scenario that not every broker can be used for. */
export interface KafkaScenario extends Scenario {
  /** Why this broker cannot, if so. */
  readonly leftOut?: string | undefined;
}

export const clientOf = ({ bootstrapServers }: KafkaDoor): Kafka =>
  new Kafka({
    clientId: 'scenario',
    brokers: bootstrapServers.split(','),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 20 },
  });

export const withAdmin = async <T>(door: KafkaDoor, use: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = clientOf(door).admin();
  try {
    await admin.connect();
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
};

/** Gives `use` an idempotent producer, as the app's own is. */
export const withProducer = async <T>(
  door: KafkaDoor,
  use: (producer: Producer) => Promise<T>,
): Promise<T> => {
  const producer = clientOf(door).producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  try {
    return await use(producer);
  } finally {
    await producer.disconnect();
  }
};

/** Gives `use` a topic that nobody else has, and takes it away afterwards. */
export const withOwnTopic = async <T>(
  door: KafkaDoor,
  partitions: number,
  use: (topic: string) => Promise<T>,
): Promise<T> => {
  const topic = `scenario-${randomUUID()}`;
  await withAdmin(door, (admin) =>
    admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true }),
  );
  try {
    return await use(topic);
  } finally {
    await withAdmin(door, (admin) => admin.deleteTopics({ topics: [topic] }));
  }
};
