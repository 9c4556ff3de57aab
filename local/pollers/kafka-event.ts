import type { KafkaMessage } from 'kafkajs';
import { z } from 'zod';
import { filterablePayload } from './filter-criteria.ts';

/** What the client knows of a batch beyond what its types say. */
const WithContext = z.object({ batchContext: z.object({ timestampType: z.number() }) });

const LOG_APPEND_TIME = 1;

const bytesOf = (value: Buffer | string): number[] => [
  ...new Int8Array(Buffer.isBuffer(value) ? value : Buffer.from(value)),
];

const headersOf = (headers: KafkaMessage['headers'] = {}): Record<string, number[]>[] =>
  Object.entries(headers).flatMap(([name, values]) =>
    [values ?? []].flat().map((value) => ({ [name]: bytesOf(value) })),
  );

/** One record of a Kafka event (Lambda guide, "Using Lambda with Amazon MSK", "Example event"): bytes are signed, as Java's are. */
export const kafkaRecord = (message: KafkaMessage, topic: string, partition: number) => {
  const context = WithContext.safeParse(message);
  const appended = context.success && context.data.batchContext.timestampType === LOG_APPEND_TIME;
  return {
    topic,
    partition,
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    timestampType: appended ? 'LOG_APPEND_TIME' : 'CREATE_TIME',
    ...(message.key && { key: message.key.toString('base64') }),
    ...(message.value && { value: message.value.toString('base64') }),
    headers: headersOf(message.headers),
  };
};

export type KafkaRecord = ReturnType<typeof kafkaRecord>;

/** The record as filter patterns see it: `value` is decoded (Lambda guide, "Filter events from Amazon MSK"). */
export const filterable = (record: KafkaRecord): unknown => ({
  ...record,
  value: filterablePayload(Buffer.from(record.value ?? '', 'base64').toString()),
});

export interface KafkaOrigin {
  readonly clusterArn: string;
  readonly bootstrapServers: string;
}

/** The event of one invocation: records of one partition. On AWS there may be records of several. */
export const kafkaEvent = (
  { clusterArn, bootstrapServers }: KafkaOrigin,
  partition: string,
  records: readonly KafkaRecord[],
) => ({
  eventSource: 'aws:kafka',
  eventSourceArn: clusterArn,
  bootstrapServers,
  records: { [partition]: records },
});
