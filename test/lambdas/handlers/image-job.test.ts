import type { APIGatewayProxyResult, SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { jpeg, notAnImage } from '../../support/images.ts';
import { sqsRecord } from '../support/records.ts';
import { restEvent } from '../support/rest-event.ts';
import { type StubAws, startStubAws } from '../support/stub-aws.ts';
import { startTable, type Table } from '../support/table.ts';

let table: Table;
let aws: StubAws;
let handlers: Awaited<ReturnType<typeof loadHandlers>>;

beforeAll(async () => {
  table = await startTable();
  aws = await startStubAws();
  Object.assign(process.env, {
    JOBS_TABLE: await table.create(),
    UPLOADS_BUCKET: 'uploads-bucket',
    RESULTS_BUCKET: 'results-bucket',
    AUDIT_BUCKET: 'audit-bucket',
    JOBS_QUEUE_URL: `${aws.endpoint}/000000000000/jobs`,
    DEADLINES_QUEUE_URL: `${aws.endpoint}/000000000000/deadlines`,
    JOBS_DEAD_LETTERS_URL: `${aws.endpoint}/000000000000/dead-letters`,
    JOB_EVENTS_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:events',
    AWS_LAMBDA_LOG_LEVEL: 'FATAL',
  });
  handlers = await loadHandlers();
});
beforeEach(() => {
  aws.sent.length = 0;
  aws.published.length = 0;
});
afterAll(async () => {
  await aws.close();
  await table.close();
});

/** Handlers read their environment when they are loaded. */
const loadHandlers = async () => ({
  requestJob: (await import('../../../lambdas/request-job/handler.ts')).handler,
  listJobs: (await import('../../../lambdas/list-jobs/handler.ts')).handler,
  getJob: (await import('../../../lambdas/get-job/handler.ts')).handler,
  getResult: (await import('../../../lambdas/get-result/handler.ts')).handler,
  cancelJob: (await import('../../../lambdas/cancel-job/handler.ts')).handler,
  uploadReceived: (await import('../../../lambdas/upload-received/handler.ts')).handler,
  processImage: (await import('../../../lambdas/process-image/handler.ts')).handler,
  projectJob: (await import('../../../lambdas/project-job/handler.ts')).handler,
  auditEvent: (await import('../../../lambdas/audit-event/handler.ts')).handler,
  failJob: (await import('../../../lambdas/fail-job/handler.ts')).handler,
  expireJob: (await import('../../../lambdas/expire-job/handler.ts')).handler,
});

const Accepted = z.looseObject({
  id: z.uuid(),
  status: z.literal('awaiting_upload'),
  upload: z.object({ url: z.url(), fields: z.record(z.string(), z.string()) }),
});

const request = async (owner = 'alice', operations: object[] = [{ op: 'resize', width: 40 }]) => {
  const body = JSON.stringify({ contentType: 'image/jpeg', contentLength: 1_000_000, operations });
  const response = await handlers.requestJob(restEvent({ body, headers: { 'x-caller-id': owner } }));
  return { response, job: Accepted.parse(JSON.parse(response.body)) };
};

const about = (id: string, suffix = '', headers: Record<string, string> = { 'x-caller-id': 'alice' }) =>
  restEvent({ path: `/v1/jobs/${id}${suffix}`, pathParameters: { id }, headers });

const show = async (id: string) => json(await handlers.getJob(about(id)));

const json = ({ body }: APIGatewayProxyResult): Record<string, unknown> =>
  z.record(z.string(), z.unknown()).parse(JSON.parse(body));

type Consumer = (event: { Records: ReturnType<typeof sqsRecord>[] }) => Promise<SQSBatchResponse>;

const deliver = async (consumer: Consumer, body: string): Promise<'handled' | 'failed'> => {
  const { batchItemFailures } = await consumer({ Records: [sqsRecord('m-1', body)] });
  return batchItemFailures.length === 0 ? 'handled' : 'failed';
};

const notify = (id: string) => {
  const Records = [{ eventName: 'ObjectCreated:Post', s3: { object: { key: `uploads/${id}` } } }];
  return deliver(handlers.uploadReceived, JSON.stringify({ Records }));
};

const lastSent = () => aws.sent.at(-1)?.MessageBody ?? '';
const lastPublished = () => aws.published.at(-1)?.get('Message') ?? '';

/** Everything from the upload to the projection of the outcome, as the queues and the topic would deliver it. */
const upload = async (id: string, image: Uint8Array) => {
  aws.objects.set(`uploads-bucket/uploads/${id}`, { body: Buffer.from(image), contentType: 'image/jpeg' });
  await notify(id);
  await deliver(handlers.processImage, lastSent());
  await deliver(handlers.projectJob, lastPublished());
};

test('a job is accepted with where to ask, when, and how to upload', async () => {
  const { response, job } = await request();

  expect(response.statusCode).toBe(202);
  expect(response.headers).toMatchObject({ location: `/live/v1/jobs/${job.id}`, 'retry-after': '1' });
  expect(job.upload.fields).toMatchObject({ key: `uploads/${job.id}`, 'Content-Type': 'image/jpeg' });
  expect(aws.sent).toMatchObject([{ QueueUrl: process.env.DEADLINES_QUEUE_URL, DelaySeconds: 600 }]);
});

test('the form lets in one key, one type and no more bytes than declared, for five minutes', async () => {
  const { job } = await request();

  const policy = z
    .object({ expiration: z.iso.datetime(), conditions: z.array(z.unknown()) })
    .parse(JSON.parse(Buffer.from(job.upload.fields.Policy ?? '', 'base64').toString()));

  expect(policy.conditions).toEqual(
    expect.arrayContaining([
      ['content-length-range', 1, 1_000_000],
      { key: `uploads/${job.id}` },
      { 'Content-Type': 'image/jpeg' },
      { bucket: 'uploads-bucket' },
    ]),
  );
  expect(Date.parse(policy.expiration) - Date.now()).toBeLessThanOrEqual(300_000);
});

test('a job goes from its upload to its result', async () => {
  const { job } = await request();

  await upload(job.id, await jpeg(80, 60));

  const shown = await show(job.id);
  expect(shown).toMatchObject({
    status: 'succeeded',
    attempt: 1,
    result: { contentType: 'image/jpeg', width: 40, height: 30 },
    links: { result: `/live/v1/jobs/${job.id}/result` },
  });
  expect(aws.published[0]?.get('MessageAttributes.entry.1.Value.StringValue')).toBe(
    'serverless-ipc.job.succeeded.v1',
  );
  const result = await handlers.getResult(about(job.id, '/result'));
  expect(result.statusCode).toBe(303);
  expect(new URL(String(result.headers?.location)).pathname).toBe(`/results-bucket/results/${job.id}`);
});

test('every delivery of the path twice has one effect', async () => {
  const { job } = await request();
  const image = await jpeg(80, 60);
  await upload(job.id, image);
  const once = await show(job.id);

  await upload(job.id, image);
  await deliver(handlers.projectJob, lastPublished());

  expect(await show(job.id)).toEqual(once);
});

test('a bad image fails its job, and its message is done with', async () => {
  const { job } = await request();

  await upload(job.id, notAnImage());

  expect(await show(job.id)).toMatchObject({
    status: 'failed',
    error: { type: 'urn:problem:serverless-ipc:not-an-image', title: expect.any(String) },
  });
  expect((await handlers.getResult(about(job.id, '/result'))).statusCode).toBe(410);
});

test('an upload larger than declared fails its job', async () => {
  const { job } = await request();

  await upload(job.id, new Uint8Array(1_000_001));

  expect(await show(job.id)).toMatchObject({
    error: { type: 'urn:problem:serverless-ipc:upload-too-large' },
  });
});

test('an upload that is gone when its job is worked on fails the job', async () => {
  const { job } = await request();
  await notify(job.id);

  await deliver(handlers.processImage, lastSent());
  await deliver(handlers.projectJob, lastPublished());

  expect(await show(job.id)).toMatchObject({ error: { type: 'urn:problem:serverless-ipc:upload-missing' } });
});

test('a result that is no longer kept is 410', async () => {
  const { job } = await request();
  await upload(job.id, await jpeg(80, 60));
  aws.objects.delete(`results-bucket/results/${job.id}`);

  const response = await handlers.getResult(about(job.id, '/result'));

  expect(response.statusCode).toBe(410);
  expect(json(response)).toMatchObject({ type: 'urn:problem:serverless-ipc:result-expired' });
});

test('a job that has not changed is not sent again, and one that goes on says when to ask', async () => {
  const { job } = await request();
  const first = await handlers.getJob(about(job.id));
  const etag = String(first.headers?.etag);

  const unchanged = await handlers.getJob(
    about(job.id, '', { 'x-caller-id': 'alice', 'If-None-Match': etag }),
  );
  await notify(job.id);
  const changed = await handlers.getJob(about(job.id, '', { 'x-caller-id': 'alice', 'If-None-Match': etag }));

  expect(first.headers).toMatchObject({ 'retry-after': '1' });
  expect(unchanged).toMatchObject({ statusCode: 304, body: '', headers: { etag } });
  expect(changed.statusCode).toBe(200);
});

test.each(['getJob', 'getResult', 'cancelJob'] as const)(
  "%s of somebody else's job is the 404 of an unknown one",
  async (name) => {
    const { job } = await request('bob');

    const foreign = await handlers[name](about(job.id));
    const unknown = await handlers[name](about('00000000-0000-4000-8000-000000000000'));

    expect(foreign.statusCode).toBe(404);
    expect(foreign).toEqual(unknown);
  },
);

test('a result before its time is 409', async () => {
  const { job } = await request();

  expect((await handlers.getResult(about(job.id, '/result'))).statusCode).toBe(409);
});

test('a job is canceled once, and its work is left undone', async () => {
  const { job } = await request();
  await notify(job.id);

  const canceled = await handlers.cancelJob(about(job.id, '/cancel'));
  const again = await handlers.cancelJob(about(job.id, '/cancel'));
  const work = await deliver(handlers.processImage, lastSent());

  expect(canceled).toMatchObject({ statusCode: 200 });
  expect(json(canceled)).toMatchObject({ status: 'canceled' });
  expect(again.statusCode).toBe(409);
  expect(work).toBe('handled');
  expect(aws.published).toEqual([]);
});

test('a job whose upload never came expires', async () => {
  const { job } = await request();

  await deliver(handlers.expireJob, lastSent());

  expect(await show(job.id)).toMatchObject({ status: 'expired' });
});

test('a job that was tried too often is failed, its message kept with the cause, and it runs when redriven', async () => {
  const { job } = await request();
  await notify(job.id);
  const message = lastSent();

  await deliver(handlers.failJob, message);
  await deliver(handlers.projectJob, lastPublished());
  const failed = await show(job.id);
  const letter = aws.sent.at(-1);
  const image = await jpeg(80, 60);
  aws.objects.set(`uploads-bucket/uploads/${job.id}`, {
    body: Buffer.from(image),
    contentType: 'image/jpeg',
  });
  await deliver(handlers.processImage, letter?.MessageBody ?? '');
  await deliver(handlers.projectJob, lastPublished());

  expect(failed).toMatchObject({
    status: 'failed',
    error: { type: 'urn:problem:serverless-ipc:processing-exhausted', retryable: true },
  });
  expect(letter).toMatchObject({
    QueueUrl: process.env.JOBS_DEAD_LETTERS_URL,
    MessageBody: message,
    MessageAttributes: { jobId: { StringValue: job.id } },
  });
  expect(await show(job.id)).toMatchObject({ status: 'succeeded' });
});

test('an event is kept word for word under its id, however often it comes', async () => {
  const { job } = await request();
  await upload(job.id, await jpeg(80, 60));
  const event = lastPublished();

  await deliver(handlers.auditEvent, event);
  await deliver(handlers.auditEvent, event);

  const kept = [...aws.objects].filter(([path]) => path.startsWith('audit-bucket/') && path.includes(job.id));
  expect(kept).toHaveLength(1);
  expect(kept[0]?.[0]).toMatch(/^audit-bucket\/events\/\d{4}-\d{2}-\d{2}\//);
  expect(kept[0]?.[1].body.toString()).toBe(event);
});

test.each(['uploadReceived', 'processImage', 'projectJob', 'auditEvent', 'expireJob'] as const)(
  '%s does not swallow what it cannot read',
  async (name) => {
    expect(await deliver(handlers[name], 'garbage')).toBe('failed');
  },
);

test('the test event that S3 sends is taken', async () => {
  expect(await deliver(handlers.uploadReceived, JSON.stringify({ Event: 's3:TestEvent' }))).toBe('handled');
});

test("a caller's jobs are listed, newest first, with a link to the next page", async () => {
  const owner = { 'x-caller-id': 'carol' };
  const ids: string[] = [];
  for (let count = 0; count < 3; count += 1) ids.push((await request('carol')).job.id);

  const Page = z.object({
    jobs: z.array(z.object({ id: z.string(), createdAt: z.string() })),
    links: z.object({ next: z.string().optional() }),
  });
  const first = await handlers.listJobs(restEvent({ headers: owner, queryStringParameters: { limit: '2' } }));
  const { jobs, links } = Page.parse(json(first));
  const next = new URL(links.next ?? '', 'http://api').searchParams;
  const queryStringParameters = Object.fromEntries(next);
  const second = Page.parse(
    json(await handlers.listJobs(restEvent({ headers: owner, queryStringParameters }))),
  );

  expect([...jobs, ...second.jobs].map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  expect(jobs.map(({ createdAt }) => createdAt)).toEqual(
    jobs
      .map(({ createdAt }) => createdAt)
      .toSorted()
      .toReversed(),
  );
  expect(links.next).toMatch(/^\/live\/v1\/jobs\?/);
});

test.each([{ limit: '0' }, { limit: 'many' }, { cursor: 'made up' }])(
  'a page that does not exist is 400: %j',
  async (query) => {
    const response = await handlers.listJobs(restEvent({ queryStringParameters: query }));

    expect(response.statusCode).toBe(400);
    expect(json(response)).toMatchObject({ errors: [{ pointer: expect.stringMatching(/limit|cursor/) }] });
  },
);
