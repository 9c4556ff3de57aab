import {
  type Admin,
  type Consumer,
  type ConsumerConfig,
  type ConsumerCrashEvent,
  type ConsumerGroupJoinEvent,
  Kafka,
  logLevel,
} from 'kafkajs';

export interface KafkaConsumer extends Pick<Consumer, 'connect' | 'disconnect' | 'subscribe' | 'run'> {
  on(event: 'consumer.crash', listener: (event: ConsumerCrashEvent) => void): unknown;
  on(event: 'consumer.group_join', listener: (event: ConsumerGroupJoinEvent) => void): unknown;
}

export type KafkaAdmin = Pick<
  Admin,
  | 'connect'
  | 'disconnect'
  | 'createTopics'
  | 'createPartitions'
  | 'alterConfigs'
  | 'fetchTopicMetadata'
  | 'fetchTopicOffsets'
  | 'fetchTopicOffsetsByTimestamp'
  | 'fetchOffsets'
  | 'setOffsets'
>;

/** What the local cloud asks of Kafka. */
export interface KafkaClient {
  consumer(config: ConsumerConfig): KafkaConsumer;
  admin(): KafkaAdmin;
}

/** The broker answers this for a partition of which a group has committed nothing. */
export const NOTHING_COMMITTED = '-1';

/** A client of the broker, which says nothing on its own: what it meets, its user traces. */
export const kafkaClient = (bootstrapServers: string): KafkaClient =>
  new Kafka({
    clientId: 'local-cloud',
    brokers: bootstrapServers.split(','),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 },
  });
