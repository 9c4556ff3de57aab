import type { MSKEvent, MSKRecord } from 'aws-lambda';
import fc from 'fast-check';
import { inBatchesPerPartition } from '../../../lambdas/batch/kafka.ts';
import { fromKafka } from '../../../lambdas/batch/kafka-record.ts';

const kafkaRecord = (offset: number, value: string, more: Partial<MSKRecord> = {}): MSKRecord => ({
  topic: 'activity',
  partition: 0,
  offset,
  timestamp: Date.UTC(2026, 0, 1),
  timestampType: 'LOG_APPEND_TIME',
  key: Buffer.from('key').toString('base64'),
  value: Buffer.from(value).toString('base64'),
  headers: [],
  ...more,
});

const eventOf = (records: Record<string, MSKRecord[]>): MSKEvent => ({
  eventSource: 'aws:kafka',
  eventSourceArn: 'arn:aws:kafka:us-east-1:000000000000:cluster/activity/1',
  bootstrapServers: '127.0.0.1:9092',
  records,
});

const bytes = (text: string): number[] => [...new Int8Array(Buffer.from(text))];

test('the first record that cannot be read is reported with its partition, and those before it are handled', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('good', 'good', 'good', 'bad')), async (texts) => {
      const handled: string[] = [];
      const consumer = inBatchesPerPartition({
        decode: (record) => {
          const { value, offset } = fromKafka(record);
          if (value === 'bad') throw new SyntaxError(value);
          return offset;
        },
        handle: async (offsets: readonly string[]) => {
          handled.push(...offsets);
        },
        onFailure: () => {},
      });

      const answer = await consumer(
        eventOf({ 'activity-0': texts.map((text, offset) => kafkaRecord(offset, text)) }),
      );

      const first = texts.indexOf('bad');
      const good = first === -1 ? texts.length : first;
      expect(handled).toEqual(Array.from({ length: good }, (_, offset) => String(offset)));
      expect(answer.batchItemFailures).toEqual(
        first === -1 ? [] : [{ itemIdentifier: { partition: 'activity-0', offset: first } }],
      );
    }),
  );
});

test('a partition that fails holds up no other', async () => {
  const handled: string[] = [];
  const reported: string[] = [];
  const consumer = inBatchesPerPartition({
    decode: (record) => fromKafka(record).value,
    handle: async (values) => {
      if (values.includes('refused')) throw new Error('refused');
      handled.push(...values);
    },
    onFailure: (_, record) => reported.push(record),
  });

  const answer = await consumer(
    eventOf({
      'activity-0': [kafkaRecord(7, 'refused'), kafkaRecord(8, 'behind')],
      'activity-1': [kafkaRecord(3, 'other', { partition: 1 })],
    }),
  );

  expect(handled).toEqual(['other']);
  expect(reported).toEqual(['activity-0:7']);
  expect(answer).toEqual({
    batchItemFailures: [{ itemIdentifier: { partition: 'activity-0', offset: 7 } }],
  });
});

test('a CloudEvent in binary mode is given back its envelope', () => {
  const record = kafkaRecord(5, '{"n":1}', {
    headers: [
      { 'content-type': bytes('application/json') },
      { ce_specversion: bytes('1.0') },
      { ce_id: bytes('one') },
      { ce_subject: bytes('Zoë') },
    ],
  });

  const { partition, offset, key, at, value } = fromKafka(record);

  expect({ partition, offset, key, at }).toEqual({
    partition: 'activity-0',
    offset: '5',
    key: 'key',
    at: new Date(Date.UTC(2026, 0, 1)),
  });
  expect(JSON.parse(value)).toEqual({
    specversion: '1.0',
    id: 'one',
    subject: 'Zoë',
    datacontenttype: 'application/json',
    data: { n: 1 },
  });
});

test('what is in structured mode, or no CloudEvent at all, stays as it came', () => {
  expect(fromKafka(kafkaRecord(0, '{"specversion":"1.0"}')).value).toBe('{"specversion":"1.0"}');
});

test('a CloudEvent whose data cannot be read fails, by the name of what is wrong', () => {
  const record = kafkaRecord(0, 'no JSON', { headers: [{ ce_specversion: bytes('1.0') }] });

  expect(() => fromKafka(record)).toThrow(SyntaxError);
});
