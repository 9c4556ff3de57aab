import { readActivity } from '../../../lambdas/adapters/read-activity.ts';
import { fromKinesis, type LogRecord } from '../../../lambdas/batch/log-record.ts';
import { anEvent } from '../support/activity.ts';
import { kinesisRecord } from '../support/records.ts';

const aRecord = (value: unknown): LogRecord => ({
  partition: 'shardId-000000000000',
  offset: '1',
  key: 'page-1',
  at: new Date('2026-01-01T00:00:00.000Z'),
  value: typeof value === 'string' ? value : JSON.stringify(value),
});

const report = { type: 'page.viewed', subject: 'page-1', data: { ms: 3 } };

test('a domain event is read from its envelope, and kept with it', () => {
  const event = anEvent('1', 'job-1', 'job.done');

  expect(readActivity(aRecord(event))).toEqual({
    type: 'job.done',
    subject: 'job-1',
    event,
    partition: 'shardId-000000000000',
    offset: '1',
    at: new Date('2026-01-01T00:00:00.000Z'),
  });
});

test('a report without envelope has its time and its identity from the stream', () => {
  expect(readActivity(aRecord(report))).toMatchObject({
    type: 'page.viewed',
    subject: 'page-1',
    event: report,
    offset: '1',
    at: new Date('2026-01-01T00:00:00.000Z'),
  });
});

test.each([
  ['text', 'not JSON'],
  ['nothing', ''],
  ['a list', []],
  ['no subject', { type: 'a', data: {} }],
  ['an empty subject', { ...report, subject: '' }],
  ['data that is no object', { ...report, data: 'text' }],
  ['a type that is no name', { ...report, type: 'Page Viewed#' }],
  ['a type without end', { ...report, type: 'a'.repeat(129) }],
  ['half an envelope', { ...report, specversion: '1.0' }],
])('%s is refused', (_, value) => {
  expect(() => readActivity(aRecord(value))).toThrow();
});

test('a record of Kinesis is named by its shard and its sequence number', () => {
  const plain = kinesisRecord('49', 'grüße');
  const arrived = { ...plain, kinesis: { ...plain.kinesis, approximateArrivalTimestamp: 1_767_225_600.123 } };

  expect(fromKinesis(arrived)).toEqual({
    partition: 'shardId-000000000000',
    offset: '49',
    key: 'key',
    at: new Date('2026-01-01T00:00:00.123Z'),
    value: 'grüße',
  });
});
