import { Kafka, type KafkaConfig, logLevel, type Message, Partitioners, type Producer } from 'kafkajs';
import { log } from './log.ts';

/** How a client and the brokers know each other: TLS or not, tokens or not. */
export type KafkaSecurity = Pick<KafkaConfig, 'ssl' | 'sasl'>;

export interface KafkaAccess {
  /** `host:port[,host:port]` */
  readonly bootstrapServers: string;
  /** Asked for each client that is made; without it there is neither TLS nor a token. */
  readonly security?: (() => Promise<KafkaSecurity>) | undefined;
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

/** An idempotent producer that is not connected yet. */
export const idempotentProducer = (bootstrapServers: string, security: KafkaSecurity = {}): Producer => {
  const kafka = new Kafka({
    clientId: process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'activity',
    brokers: bootstrapServers.split(','),
    ...security,
    connectionTimeout: 3_000,
    requestTimeout: 5_000,
    retry: RETRY,
    // Until the producer is made: it warns of a limit to its retries, which is why it is thrown away after a failure.
    logLevel: logLevel.ERROR,
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
  kafka.logger().setLogLevel(logLevel.WARN);
  return producer;
};

const connect = async ({ bootstrapServers, security }: KafkaAccess): Promise<Producer> => {
  const producer = idempotentProducer(bootstrapServers, await security?.());
  await producer.connect();
  return producer;
};

/**
 * An idempotent producer that connects when it is first used and stays connected. After a failure the next call gets a
 * new one: what the broker has of the failed call is not known, and so the sequence numbers of the old one are not either
 * (Apache Kafka, KIP-98, "Idempotent Producer Guarantees"). One call at a time, for the same reason: kafkajs gives the
 * number of a call whose connection broke to one that goes on beside it. The broker takes that for a repetition,
 * acknowledges it, and keeps nothing.
 */
export const kafkaProducer = (access: KafkaAccess): KafkaProducer => {
  let connected: Promise<Producer> | undefined;
  let latest: Promise<void> = Promise.resolve();
  const send = async (topic: string, messages: readonly Message[]): Promise<void> => {
    connected ??= connect(access);
    const producing = connected;
    try {
      await (await producing).send({ topic, acks: -1, messages: [...messages] });
    } catch (error) {
      connected = undefined;
      void producing.then((producer) => producer.disconnect()).catch(() => undefined);
      throw error;
    }
  };
  return {
    send(topic, messages) {
      const sending = latest.then(() => send(topic, messages));
      latest = sending.catch(() => undefined);
      return sending;
    },
  };
};
