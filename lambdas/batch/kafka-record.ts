import type { MSKRecord } from 'aws-lambda';
import type { LogRecord } from './log-record.ts';

/** The name under which a Kafka event holds the records of one partition: `topic-partition`. */
export const partitionOf = ({ topic, partition }: Pick<MSKRecord, 'topic' | 'partition'>): string =>
  `${topic}-${partition}`;

const text = (base64: string | undefined): string => Buffer.from(base64 ?? '', 'base64').toString('utf8');

/** Header values come as bytes, which Java counts from -128 to 127. */
const headersOf = ({ headers }: MSKRecord): ReadonlyMap<string, string> =>
  new Map(
    (headers ?? []).flatMap((header) =>
      Object.entries(header).map(([name, bytes]) => [
        name.toLowerCase(),
        Buffer.from(Uint8Array.from(bytes)).toString('utf8'),
      ]),
    ),
  );

/**
 * A record of a Kafka event. One in CloudEvents' binary mode is given back its envelope, so that its reader need not know
 * how it travelled: attributes are headers with the prefix `ce_`, the value is the data, and its type is `content-type`
 * (CloudEvents, "Kafka Protocol Binding", 3.2 "Binary Content Mode").
 * @throws {SyntaxError} when the data of a CloudEvent is not JSON
 */
export const fromKafka = (record: MSKRecord): LogRecord => ({
  partition: partitionOf(record),
  offset: String(record.offset),
  key: text(record.key),
  at: new Date(record.timestamp),
  value: structured(headersOf(record), text(record.value)),
});

const PREFIX = 'ce_';

const structured = (headers: ReadonlyMap<string, string>, value: string): string => {
  if (!headers.has(`${PREFIX}specversion`)) return value;
  const attributes = [...headers]
    .filter(([name]) => name.startsWith(PREFIX))
    .map(([name, attribute]) => [name.slice(PREFIX.length), attribute] as const);
  const data: unknown = JSON.parse(value);
  const datacontenttype = headers.get('content-type') ?? 'application/json';
  return JSON.stringify({ ...Object.fromEntries(attributes), datacontenttype, data });
};
