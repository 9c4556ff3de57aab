import { setTimeout } from 'node:timers/promises';
import { type Kafka, Partitioners } from 'kafkajs';

export interface Producing {
  readonly name: string;
  /** `name/number` of each record that the broker has acknowledged. */
  readonly acknowledged: readonly string[];
  /** Resolves when the last record has been acknowledged. */
  stop(): Promise<void>;
}

/** Produces one record after the other under one key; the client tries each until the broker has acknowledged it. */
export const startProducing = async (kafka: Kafka, topic: string, name: string): Promise<Producing> => {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { initialRetryTime: 100, maxRetryTime: 500, retries: 100 },
  });
  await producer.connect();
  const acknowledged: string[] = [];
  let stopped = false;
  const running = (async () => {
    for (let number = 0; !stopped; number += 1) {
      await producer.send({ topic, acks: -1, messages: [{ key: name, value: String(number) }] });
      acknowledged.push(`${name}/${number}`);
      await setTimeout(2);
    }
  })();
  return {
    name,
    acknowledged,
    async stop() {
      stopped = true;
      try {
        await running;
      } finally {
        await producer.disconnect();
      }
    },
  };
};
