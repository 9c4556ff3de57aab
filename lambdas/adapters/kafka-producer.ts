import { Kafka, logLevel, type Message, Partitioners, type Producer } from 'kafkajs';
import { iamAccess } from './kafka-iam.ts';
import { log } from './log.ts';

export interface KafkaAccess {
  /** `host:port[,host:port]` */
  readonly bootstrapServers: string;
  /** `iam`: TLS, and tokens that are signed with the function's role. `none`: neither. */
  readonly auth: 'iam' | 'none';
}

/** What the activity log needs of a Kafka producer. */
export interface KafkaProducer {
  /** Resolves when all in-sync replicas have the messages. Throws what the broker or the connection said. */
  send(topic: string, messages: readonly Message[]): Promise<void>;
}

/**
 * How long one call tries, in all about six seconds: less than the function's timeout, so that the queue is told instead
 * of the function being cut off.
 */
const RETRY = { initialRetryTime: 200, multiplier: 2, maxRetryTime: 2_000, retries: 4 };

const connect = async ({ bootstrapServers, auth }: KafkaAccess): Promise<Producer> => {
  const kafka = new Kafka({
    clientId: process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'activity',
    brokers: bootstrapServers.split(','),
    ...(auth === 'iam' && (await iamAccess(process.env.AWS_REGION ?? 'us-east-1'))),
    connectionTimeout: 3_000,
    requestTimeout: 5_000,
    retry: RETRY,
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ log: { message, ...details } }) =>
        log.warn(`Kafka: ${message}`, { details }),
  });
  const producer = kafka.producer({
    // The broker drops what a retry brings twice, and keeps the order: one request at a time.
    idempotent: true,
    maxInFlightRequests: 1,
    // The partitioner of Kafka's own clients: a key is in the same partition whoever produces it.
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: RETRY,
  });
  await producer.connect();
  return producer;
};

/**
 * An idempotent producer that connects when it is first used and stays connected. After a failure the next call gets a
 * new one: what the broker has of the failed call is not known, and so the sequence numbers of the old one are not either
 * (Apache Kafka, KIP-98, "Idempotent Producer Guarantees").
 */
export const kafkaProducer = (access: KafkaAccess): KafkaProducer => {
  let connected: Promise<Producer> | undefined;
  return {
    async send(topic, messages) {
      connected ??= connect(access);
      const producing = connected;
      try {
        await (await producing).send({ topic, acks: -1, messages: [...messages] });
      } catch (error) {
        connected = undefined;
        void producing.then((producer) => producer.disconnect()).catch(() => undefined);
        throw error;
      }
    },
  };
};
