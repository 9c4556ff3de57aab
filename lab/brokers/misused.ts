import type { Broker, BrokerName } from '../broker.ts';
import type { LabMessage } from '../message.ts';
import type { CloudTarget } from '../targets/target.ts';
import { type KafkaTarget, kafka } from './kafka.ts';
import { kinesis } from './kinesis.ts';
import { sqsFifo } from './sqs.ts';

/** A key of its own for each message: what spreads the load best, and what order is lost by. */
const scattered = ({ producer, key, seq }: LabMessage): string => `${producer}-${key}-${seq}`;

/** One producer has read that a FIFO queue needs no more than a name with `.fifo`, the other that groups are what scales. */
const wronglyGrouped = (message: LabMessage): string | undefined =>
  message.producer === 'p0' ? undefined : scattered(message);

/** Brokers with a mistake that is often made with them; undefined where none is known, or there is no broker. */
export const misused = (name: BrokerName, cloud?: CloudTarget, log?: KafkaTarget): Broker | undefined => {
  if (name === 'sqs-fifo' && cloud)
    return {
      ...sqsFifo(cloud, wronglyGrouped),
      misuse: 'one producer names no group, the other a group of its own for each message',
    };
  if (name === 'kinesis' && cloud)
    return { ...kinesis(cloud, scattered), misuse: 'a random partition key for each record' };
  if (name === 'kafka' && log)
    return {
      ...kafka(log, { commitFirst: true }),
      misuse: 'the consumer commits before it has done its work',
    };
  return undefined;
};
