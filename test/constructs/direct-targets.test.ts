import fc from 'fast-check';
import * as z from 'zod';
import { DirectEndpoint } from '../../lib/constructs/direct-endpoint.ts';
import { toQueue, toStream } from '../../lib/constructs/direct-targets.ts';
import { EventStream } from '../../lib/constructs/event-stream.ts';
import { ServiceApi } from '../../lib/constructs/service-api.ts';
import { WorkQueue } from '../../lib/constructs/work-queue.ts';
import { renderTemplate } from '../../local/services/api-gateway/template.ts';
import { templateUtil } from '../../local/services/api-gateway/template-util.ts';
import { emptyStack } from './alone.ts';

const stack = emptyStack();
const activity = new EventStream(stack, 'Activity');
const api = new ServiceApi(stack, 'Api');

const Body = z.object({ subject: z.string() });
const Record = z.strictObject({ StreamName: z.string(), Data: z.base64(), PartitionKey: z.string() });

/** What API Gateway makes of a request, with the stream's name as it is only known on deployment. */
const rendered = (template: string, body: string, header = ''): string =>
  renderTemplate(template.replace(/\$\{Token\[.*?\]\}/, 'activity'), {
    input: { body, path: () => Body.parse(JSON.parse(body)).subject, params: () => header },
    util: templateUtil,
    context: { requestId: 'request-1' },
  });

const hostile = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.constantFrom(
    '&DelaySeconds=900',
    '&Action=PurgeQueue',
    '"}',
    '","PartitionKey":"mine',
    "it's",
    "\\'",
    '\\\\',
    '$context.requestId',
    '$input.body',
    '#set($key = 1)',
    '#if(true)',
    '\n\r\t\u0000\u2028',
    '</Message>',
    '%26%25',
    '🦊',
  ),
);

test('whatever a body says, it stays the data of one record, and its field is the key as it came', () => {
  const { template } = toStream(activity, { partitionKeyField: 'subject' });

  fc.assert(
    fc.property(hostile, hostile, (subject, note) => {
      const body = JSON.stringify({ subject, note });

      const record = Record.parse(JSON.parse(rendered(template, body)));

      expect(record).toEqual({
        StreamName: 'activity',
        Data: Buffer.from(body).toString('base64'),
        PartitionKey: subject,
      });
    }),
  );
});

test('whatever a header says, it is the key as it came', () => {
  const { template } = toStream(activity, { partitionKeyHeader: 'X-Device' });

  fc.assert(
    fc.property(hostile, (device) => {
      const record = Record.parse(JSON.parse(rendered(template, '{}', device)));

      expect(record).toMatchObject({ PartitionKey: device, Data: 'e30=' });
    }),
  );
});

test.each([
  ['without the header', { partitionKeyHeader: 'X-Device' }],
  ['when no key is asked for', {}],
])('a record goes to any shard %s', (_case, options) => {
  const { template } = toStream(activity, options);

  const record = Record.parse(JSON.parse(rendered(template, '{}')));

  expect(record.PartitionKey).toBe('request-1');
});

test('whatever a body says, it stays the message: no parameter of the call comes of it', () => {
  const { template } = toQueue(new WorkQueue(stack, 'Notes'));

  fc.assert(
    fc.property(hostile, (note) => {
      const body = JSON.stringify({ subject: 'x', note });

      const form = new URLSearchParams(rendered(template, body));

      expect([...form]).toEqual([
        ['Action', 'SendMessage'],
        ['MessageBody', body],
      ]);
    }),
  );
});

test.each([
  ['no schema', undefined],
  ['a schema without it', z.strictObject({ other: z.string() })],
  ['a schema where it may be missing', z.strictObject({ device: z.string().optional() })],
  ['a schema where it is no string', z.strictObject({ device: z.int() })],
])('a key from the body needs a schema that promises it: not %s', (_case, body) => {
  const target = toStream(activity, { partitionKeyField: 'device' });

  expect(
    () => new DirectEndpoint(stack, `Post${_case}`, { api, path: '/v1/x', target, ...(body && { body }) }),
  ).toThrow('the target takes "device" out of the body');
});

test('a key comes from one place, whose name is a plain one', () => {
  expect(() => toStream(activity, { partitionKeyField: 'a', partitionKeyHeader: 'b' })).toThrow(
    'either the field a or the header b',
  );
  expect(() => toStream(activity, { partitionKeyField: "a')" })).toThrow('more than letters, digits and _');
});
