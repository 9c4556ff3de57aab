import { randomUUID } from 'node:crypto';
import type { Caller, Objects, Queues, Topics } from '../ports.ts';

export interface StreamFailurePorts {
  readonly queues: Queues;
  readonly topics: () => Topics;
  readonly objects: () => Objects;
}

/** What a destination is told of records that were given up. */
export interface FailureNotice {
  /** Where they were and why they were given up. */
  readonly record: Readonly<Record<string, unknown>>;
  /** The event with the records themselves, as the function got it, as JSON within the JSON. Only S3 keeps it. */
  readonly payload: string;
  readonly mappingId: string;
  /** The shard, or topic and partition. */
  readonly partition: string;
  readonly now: number;
}

/** "aws/lambda/<ESM-UUID>/<shardID>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<Random UUID>" (Lambda guide, "Retaining discarded batch records for a Kinesis Data Streams event source"). */
const objectKey = ({ mappingId, partition, now }: FailureNotice): string => {
  const at = new Date(now).toISOString();
  const day = at.slice(0, 10).replaceAll('-', '/');
  return `aws/lambda/${mappingId}/${partition}/${day}/${at.slice(0, 19).replaceAll(':', '.')}-${randomUUID()}`;
};

/** Tells a mapping's destination, a queue, a topic or a bucket. Throws what that one says. */
export const deliverFailure = async (
  ports: StreamFailurePorts,
  destination: string,
  caller: Caller,
  notice: FailureNotice,
): Promise<void> => {
  const [, , service, , , bucket = ''] = destination.split(':');
  const { record, payload } = notice;
  switch (service) {
    case 'sqs':
      await ports.queues.send(destination, { body: JSON.stringify(record) }, caller);
      return;
    case 'sns':
      await ports.topics().publish(destination, { message: JSON.stringify(record) }, caller);
      return;
    default: {
      const whole = Buffer.from(JSON.stringify({ ...record, payload }));
      await ports.objects().put(bucket, objectKey(notice), whole, caller);
    }
  }
};
