import { randomUUID } from 'node:crypto';
import type { FailureNotice } from './failure-destination.ts';
import { type KafkaOrigin, kafkaEvent } from './kafka-event.ts';
import type { KafkaItem } from './kafka-lane.ts';
import type { Exhausted } from './stream-attempts.ts';

export interface KafkaGivenUp {
  readonly exhausted: Exhausted<KafkaItem>;
  readonly origin: KafkaOrigin;
  readonly partition: string;
  readonly functionArn: string;
}

const timeOf = (item: KafkaItem | undefined): string => new Date(item?.at ?? 0).toISOString();

/** Shape of the Lambda guide, "Capturing discarded batches for Amazon MSK and self-managed Apache Kafka event sources". */
export const kafkaFailure = (
  { exhausted, origin, partition, functionArn }: KafkaGivenUp,
  now: number,
): Pick<FailureNotice, 'record' | 'payload'> => {
  const { items, condition, invocations, last } = exhausted;
  const payload = JSON.stringify(
    kafkaEvent(
      origin,
      partition,
      items.map(({ record }) => record),
    ),
  );
  const first = items[0];
  const final = items.at(-1);
  const record = {
    requestContext: {
      requestId: last?.requestId ?? randomUUID(),
      functionArn,
      condition,
      approximateInvokeCount: invocations,
    },
    ...(last && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        functionError: last.functionError ?? null,
      },
    }),
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    KafkaBatchInfo: {
      batchSize: items.length,
      eventSourceArn: origin.clusterArn,
      bootstrapServers: origin.bootstrapServers,
      payloadSize: Buffer.byteLength(payload),
      recordsInfo: {
        [partition]: {
          firstRecordOffset: String(first?.record.offset),
          lastRecordOffset: String(final?.record.offset),
          firstRecordTimestamp: timeOf(first),
          lastRecordTimestamp: timeOf(final),
        },
      },
    },
  };
  return { record, payload };
};
