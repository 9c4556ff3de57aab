import { setTimeout } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';

const PAUSE_MS = 100;

/** Asks until a broker answers; false when the time is over, or `alive` says that it will never answer. */
export const answering = async (
  bootstrapServers: string,
  withinMs: number,
  alive: () => boolean = () => true,
): Promise<boolean> => {
  const deadline = performance.now() + withinMs;
  const kafka = new Kafka({
    brokers: bootstrapServers.split(','),
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    connectionTimeout: 1000,
    requestTimeout: 2000,
  });
  while (alive() && performance.now() < deadline) {
    const admin = kafka.admin();
    try {
      await admin.connect();
      const { brokers } = await admin.describeCluster();
      if (brokers.length > 0) return true;
    } catch {
      // Not yet.
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
    await setTimeout(PAUSE_MS);
  }
  return false;
};
