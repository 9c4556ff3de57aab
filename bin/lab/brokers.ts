import type { Broker, BrokerName } from '../../lab/broker.ts';
import { type KafkaTarget, kafka } from '../../lab/brokers/kafka.ts';
import { kinesis } from '../../lab/brokers/kinesis.ts';
import { misused } from '../../lab/brokers/misused.ts';
import { snsSqs } from '../../lab/brokers/sns-sqs.ts';
import { sqs, sqsFifo } from '../../lab/brokers/sqs.ts';
import type { Candidate } from '../../lab/cells/cell.ts';
import type { CloudTarget } from '../../lab/targets/target.ts';
import { UserError } from '../../local/errors.ts';
import { findBroker, HOW_TO_GET_ONE } from '../../local/kafka/find-broker.ts';
import { findCloud } from './clouds.ts';
import type { Options } from './options.ts';

/** What can be measured, and what cannot and why. */
export interface Brokers {
  readonly present: readonly Broker[];
  /** All that were asked for. */
  readonly candidates: readonly Candidate[];
  stop(): Promise<void>;
}

/** @param directory where a broker that is started here keeps what it keeps */
export const findBrokers = async (
  options: Options,
  directory: string,
  say: (line: string) => void,
): Promise<Brokers> => {
  const running: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const one of running) await one.stop();
  };
  try {
    const wanted = options.brokers;
    const log = wanted.includes('kafka') ? await findKafka(options, directory, say) : undefined;
    if (log && 'stop' in log) running.push(log);
    const cloud = wanted.some((name) => name !== 'kafka')
      ? await findCloud(options, directory, say)
      : undefined;
    if (cloud) running.push(cloud);

    const of = options.misuse ? misused : proper;
    const present = wanted.flatMap(
      (name) => of(name, cloud?.target, log && 'stop' in log ? log : undefined) ?? [],
    );
    const candidates = wanted.map((name): Candidate => {
      const broker = present.find((one) => one.name === name);
      if (!broker)
        return { name, missing: log && 'missing' in log ? log.missing : 'it has no misuse to show' };
      const { version, misuse } = broker;
      const emulated = name !== 'kafka' && options.target !== 'aws';
      return { name, version, emulated, ...(misuse !== undefined && { misuse }) };
    });
    return { present, candidates, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const proper = (name: BrokerName, cloud?: CloudTarget, log?: KafkaTarget): Broker | undefined => {
  if (name === 'kafka') return log && kafka(log);
  if (!cloud) return undefined;
  return { sqs, 'sqs-fifo': sqsFifo, 'sns-sqs': snsSqs, kinesis }[name](cloud);
};

type FoundKafka = (KafkaTarget & { stop(): Promise<void> }) | { readonly missing: string };

/** The lab's stack has none: one that is paid for by the hour is not started for a measurement that nobody asked for. */
const findKafka = async (
  { target }: Options,
  directory: string,
  say: (line: string) => void,
): Promise<FoundKafka> => {
  if (target !== 'local' && !process.env.KAFKA_BOOTSTRAP_SERVERS)
    return { missing: 'the lab stack has no Kafka: set KAFKA_BOOTSTRAP_SERVERS to a broker of yours' };
  try {
    const broker = await findBroker(directory, say);
    if (!broker) return { missing: HOW_TO_GET_ONE };
    const { bootstrapServers, origin, outage } = broker;
    return { bootstrapServers, version: origin, ...(outage && { outage }), stop: () => broker.stop() };
  } catch (error) {
    if (error instanceof UserError) return { missing: error.message.split('\n')[0] ?? error.message };
    throw error;
  }
};
