import * as z from 'zod';
import { createEditTable, IMAGE } from '../support/edits.ts';
import { json } from '../support/image-service.ts';
import { sqsRecord } from '../support/records.ts';
import { restEvent } from '../support/rest-event.ts';
import { type StubAws, startStubAws } from '../support/stub-aws.ts';
import { startTable, type Table } from '../support/table.ts';

/** Handlers read their environment when they are loaded. */
const loadHandlers = async () => ({
  requestEdit: (await import('../../../lambdas/request-edit/handler.ts')).handler,
  applyEdit: (await import('../../../lambdas/apply-edit/handler.ts')).handler,
  listEdits: (await import('../../../lambdas/list-edits/handler.ts')).handler,
});

let aws: StubAws;
let table: Table;
let handlers: Awaited<ReturnType<typeof loadHandlers>>;
beforeAll(async () => {
  aws = await startStubAws();
  table = await startTable();
  Object.assign(process.env, {
    EDITS_QUEUE_URL: `${aws.endpoint}/000000000000/edits.fifo`,
    EDIT_EVENTS_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:edits',
    EDITS_TABLE: await createEditTable('edits'),
    AWS_LAMBDA_LOG_LEVEL: 'FATAL',
  });
  handlers = await loadHandlers();
});
afterAll(async () => {
  await aws.close();
  await table.close();
});

const about = (imageId: string, change: object = {}) =>
  restEvent({ path: `/v1/images/${imageId}/edits`, pathParameters: { imageId }, ...change });

const request = (operation: unknown, headers = {}, imageId = IMAGE) =>
  handlers.requestEdit(about(imageId, { body: JSON.stringify(operation), headers }));

test('an edit is accepted, with its id and where it will be found', async () => {
  const response = await request({ op: 'flip' });

  const location = `/live/v1/images/${IMAGE}/edits`;
  expect(response).toMatchObject({ statusCode: 202, headers: { location, 'retry-after': '1' } });
  expect(json(response)).toEqual({
    editId: 'm',
    imageId: IMAGE,
    operation: { op: 'flip' },
    links: { edits: location },
  });
});

test('it goes to the group of its image, as what it was before where the request comes again', async () => {
  aws.sentInOrder.length = 0;

  await request({ op: 'flip' }, { 'Idempotency-Key': 'a' });
  await request({ op: 'flip' }, { 'idempotency-key': 'a' });
  await request({ op: 'flip' }, { 'Idempotency-Key': 'b' });

  const ids = aws.sentInOrder.map(({ MessageDeduplicationId }) => MessageDeduplicationId);
  expect(aws.sentInOrder.map(({ MessageGroupId }) => MessageGroupId)).toEqual([IMAGE, IMAGE, IMAGE]);
  expect(ids[0]).toBe(ids[1]);
  expect(ids[0]).not.toBe(ids[2]);
});

test.each([
  ['an unknown operation', { op: 'explode' }, {}, IMAGE, '#/op'],
  ['an unknown parameter', { op: 'flip', twice: true }, {}, IMAGE, '#/twice'],
  ['a list', [{ op: 'flip' }], {}, IMAGE, '#'],
  ['an id that is none', { op: 'flip' }, {}, 'no id', 'imageId'],
  ['an id that is too long', { op: 'flip' }, {}, 'x'.repeat(65), 'imageId'],
  ['an empty key', { op: 'flip' }, { 'Idempotency-Key': '' }, IMAGE, 'Idempotency-Key'],
  [
    'a key that is too long',
    { op: 'flip' },
    { 'Idempotency-Key': 'x'.repeat(256) },
    IMAGE,
    'Idempotency-Key',
  ],
])('%s is refused before it reaches the queue', async (_case, operation, headers, imageId, pointer) => {
  aws.sentInOrder.length = 0;

  const response = await request(operation, headers, imageId);

  expect(response.statusCode).toBe(400);
  expect(json(response)).toMatchObject({ errors: [{ pointer }] });
  expect(aws.sentInOrder).toEqual([]);
});

const Listed = z.object({
  edits: z.array(z.object({ n: z.number(), editId: z.string(), operation: z.unknown() })),
  links: z.object({ next: z.string().optional() }),
});

const list = async (imageId: string, queryStringParameters: Record<string, string> = {}) =>
  Listed.parse(json(await handlers.listEdits(about(imageId, { queryStringParameters }))));

test('what was sent is applied in order, once, and listed page by page', async () => {
  aws.sentInOrder.length = 0;
  for (const degrees of [90, 180, 270]) await request({ op: 'rotate', degrees }, {}, 'listed');
  const Records = aws.sentInOrder.map(({ MessageBody }, k) =>
    sqsRecord(`m-${k}`, MessageBody, 'listed', String(1_000 + k)),
  );

  await handlers.applyEdit({ Records });
  const again = await handlers.applyEdit({ Records });
  const first = await list('listed', { limit: '2' });
  const next = Object.fromEntries(new URL(first.links.next ?? '', 'http://api').searchParams);
  const second = await list('listed', next);

  expect(again).toEqual({ batchItemFailures: [] });
  expect([...first.edits, ...second.edits]).toMatchObject([
    { n: 1, editId: 'm-0', operation: { op: 'rotate', degrees: 90 } },
    { n: 2, editId: 'm-1', operation: { op: 'rotate', degrees: 180 } },
    { n: 3, editId: 'm-2', operation: { op: 'rotate', degrees: 270 } },
  ]);
  expect(second.links.next).toBeUndefined();
  expect(new Set(aws.published.map((form) => form.get('Message'))).size).toBe(3);
});

test('a message that nobody can read fails with all that follow it in its image, and no other', async () => {
  aws.sentInOrder.length = 0;
  await request({ op: 'flip' }, {}, 'poisoned');
  await request({ op: 'flip' }, {}, 'healthy');
  const [poisoned = '', healthy = ''] = aws.sentInOrder.map(({ MessageBody }) => MessageBody);

  const { batchItemFailures } = await handlers.applyEdit({
    Records: [
      sqsRecord('poison', 'no edit', 'poisoned', '1'),
      sqsRecord('healthy', healthy, 'healthy', '2'),
      sqsRecord('behind', poisoned, 'poisoned', '3'),
    ],
  });

  expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['poison', 'behind']);
  expect((await list('healthy')).edits).toHaveLength(1);
  expect((await list('poisoned')).edits).toEqual([]);
});

test.each([{ limit: '0' }, { limit: '101' }, { after: '-1' }, { after: 'x' }])(
  'a page that does not exist is 400: %j',
  async (queryStringParameters) => {
    expect((await handlers.listEdits(about(IMAGE, { queryStringParameters }))).statusCode).toBe(400);
  },
);
