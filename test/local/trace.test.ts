import { setTimeout as pause } from 'node:timers/promises';
import { cloudEventIds } from '../../local/cloud-event-ids.ts';
import { Trace } from '../../local/trace.ts';

const HEADER = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0';

const record = (trace: Trace, ids = {}) =>
  trace.record({ at: 0, service: 'sqs', action: 'SendMessage', resource: 'queue', ids });

test('every event of some work carries what the work is part of, also after it has waited', async () => {
  const trace = new Trace();

  await trace.within({ header: HEADER, ids: { cause: 'p1' } }, async () => {
    await pause(1);
    record(trace, { messageId: 'm1' });
  });
  record(trace);

  expect(trace.events().map(({ ids }) => ids)).toEqual([
    {
      trace: '1-5759e988-bd862e3fe1be46a994272793',
      parent: '53995c3f42cd8ad8',
      cause: 'p1',
      messageId: 'm1',
    },
    {},
  ]);
});

test('work within other work is part of its own trace only', () => {
  const trace = new Trace();

  trace.within({ header: HEADER, ids: { cause: 'p1' } }, () =>
    trace.within({ ids: { source: 'q' } }, () => record(trace)),
  );

  expect(trace.events()[0]?.ids).toEqual({ source: 'q' });
});

test('a header that names no trace is not handed on', () => {
  const trace = new Trace();

  const header = trace.within({ header: 'Root=nonsense' }, () => trace.header);

  expect(header).toBeUndefined();
});

test.each([
  [
    'a CloudEvent',
    '{"specversion":"1.0","id":"e1","subject":"job","correlationid":"c1"}',
    { eventId: 'e1', subject: 'job', correlationId: 'c1' },
  ],
  ['one without extensions', '{"specversion":"1.0","id":"e1"}', { eventId: 'e1' }],
  ['bytes', Buffer.from('{"specversion":"1.0","id":"e1"}'), { eventId: 'e1' }],
  ['other JSON', '{"id":"e1"}', {}],
  ['text that is no JSON', '"specversion" is a word', {}],
])('%s is known by its ids', (_, body, ids) => {
  expect(cloudEventIds(body)).toEqual(ids);
});
