import { consume, consumeTogether } from '../../../lambdas/adapters/consume.ts';
import { correlatedBatch } from '../../../lambdas/adapters/consume-log.ts';
import { log } from '../../../lambdas/adapters/log.ts';
import { CloudEvent } from '../../../lambdas/messages/cloud-event.ts';
import { logged } from '../support/log.ts';
import { sqsRecord } from '../support/records.ts';

const event = (id: string): CloudEvent => ({
  specversion: '1.0',
  id,
  source: 'urn:test',
  type: 'test.v1',
  time: '2026-01-01T00:00:00Z',
  subject: `subject of ${id}`,
  datacontenttype: 'application/json',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  correlationid: `correlation of ${id}`,
  causationid: 'request-1',
  data: {},
});

const records = (...ids: string[]) => ({
  Records: ids.map((id) => sqsRecord(`message ${id}`, JSON.stringify(event(id)))),
});

const parsed = (lines: readonly string[]) =>
  lines.map((line): Record<string, unknown> => Object.fromEntries(Object.entries(JSON.parse(line))));

const handle = async ({ id }: CloudEvent): Promise<void> => {
  log.info('At work');
  if (id === 'bad') throw new Error('no');
};

test('every line about a message has its correlation and trace, that of its failure too', async () => {
  const lines = parsed(
    await logged(() => consume(CloudEvent, handle, { concurrency: 1 })(records('good', 'bad'))),
  );

  expect(lines.map(({ message, correlationId }) => [message, correlationId])).toEqual([
    ['At work', 'correlation of good'],
    ['A message was handled', 'correlation of good'],
    ['At work', 'correlation of bad'],
    ['A message has failed', 'correlation of bad'],
  ]);
  for (const line of lines)
    expect(line).toMatchObject({ traceparent: event('').traceparent, receiveCount: 1 });
});

test('the same where messages are handled together', async () => {
  const together = consumeTogether(CloudEvent, async (events) =>
    events.map(({ id }) => (id === 'bad' ? new Error('no') : undefined)),
  );

  const lines = parsed(await logged(() => together(records('bad', 'good'))));

  expect(lines.map(({ message, correlationId }) => [message, correlationId])).toEqual([
    ['A message was handled', 'correlation of good'],
    ['A message has failed', 'correlation of bad'],
  ]);
});

test('a batch of a stream names the correlation of each event in it, and a report without one does no harm', async () => {
  const activity = (offset: string, content: unknown) => ({
    ...{ type: 't', subject: 's', partition: 'shard', offset, at: new Date(0) },
    event: content,
  });
  const batch = [activity('1', event('a')), activity('2', { type: 'click' }), activity('3', event('b'))];

  const lines = parsed(await logged(() => correlatedBatch(async () => undefined)(batch)));

  expect(lines).toMatchObject([
    {
      correlationIds: ['correlation of a', 'correlation of b'],
      ...{ partition: 'shard', from: '1', to: '3', records: 3 },
    },
  ]);
});

test('a line names the X-Ray trace of the invocation', async () => {
  process.env._X_AMZN_TRACE_ID = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0';

  const lines = parsed(await logged(async () => log.info('At work')));

  delete process.env._X_AMZN_TRACE_ID;
  expect(lines[0]).toMatchObject({ xray_trace_id: '1-5759e988-bd862e3fe1be46a994272793' });
});
