import type { APIGatewayProxyResult } from 'aws-lambda';
import * as z from 'zod';
import { jpeg } from '../../support/images.ts';
import { about, type ImageService, json, startImageService } from '../support/image-service.ts';
import { restEvent } from '../support/rest-event.ts';

let service: ImageService;
beforeAll(async () => {
  service = await startImageService();
});
beforeEach(() => service.forgetMessages());
afterAll(() => service.close());

test('a job is accepted with where to ask, when, and how to upload', async () => {
  const { response, job } = await service.request();

  expect(response.statusCode).toBe(202);
  expect(response.headers).toMatchObject({ location: `/live/v1/jobs/${job.id}`, 'retry-after': '1' });
  expect(job.upload.fields).toMatchObject({ key: `uploads/${job.id}`, 'Content-Type': 'image/jpeg' });
  expect(service.aws.sent).toMatchObject([{ QueueUrl: process.env.DEADLINES_QUEUE_URL, DelaySeconds: 600 }]);
});

test('the form lets in one key, one type and no more bytes than declared, for five minutes', async () => {
  const { job } = await service.request();

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

test('a result that is no longer kept is 410', async () => {
  const { job } = await service.request();
  await service.upload(job.id, await jpeg(80, 60));
  service.aws.objects.delete(`results-bucket/results/${job.id}`);

  const response = await service.handlers.getResult(about(job.id, '/result'));

  expect(response.statusCode).toBe(410);
  expect(json(response)).toMatchObject({ type: 'urn:problem:serverless-ipc:result-expired' });
});

test('a job that has not changed is not sent again, and one that goes on says when to ask', async () => {
  const { job } = await service.request();
  const first = await service.handlers.getJob(about(job.id));
  const etag = String(first.headers?.etag);

  const unchanged = await service.handlers.getJob(about(job.id, '', { 'If-None-Match': etag }));
  await service.notify(job.id);
  const changed = await service.handlers.getJob(about(job.id, '', { 'If-None-Match': etag }));

  expect(first.headers).toMatchObject({ 'retry-after': '1' });
  expect(unchanged).toMatchObject({ statusCode: 304, body: '', headers: { etag } });
  expect(changed.statusCode).toBe(200);
});

/** Each request has a trace of its own. */
const withoutTrace = ({ headers }: APIGatewayProxyResult) => ({ ...headers, traceparent: '' });

test.each(['getJob', 'getResult', 'cancelJob'] as const)(
  "%s of somebody else's job is the 404 of an unknown one",
  async (name) => {
    const { job } = await service.request('bob');

    const foreign = await service.handlers[name](about(job.id));
    const unknown = await service.handlers[name](about('00000000-0000-4000-8000-000000000000'));

    expect(foreign.statusCode).toBe(404);
    expect({ ...foreign, headers: withoutTrace(foreign) }).toEqual({
      ...unknown,
      headers: withoutTrace(unknown),
    });
  },
);

test('a result before its time is 409', async () => {
  const { job } = await service.request();

  expect((await service.handlers.getResult(about(job.id, '/result'))).statusCode).toBe(409);
});

test("a caller's jobs are listed, newest first, with a link to the next page", async () => {
  const owner = { 'x-caller-id': 'carol' };
  const ids: string[] = [];
  for (let count = 0; count < 3; count += 1) ids.push((await service.request('carol')).job.id);

  const Page = z.object({
    jobs: z.array(z.object({ id: z.string(), createdAt: z.string() })),
    links: z.object({ next: z.string().optional() }),
  });
  const first = await service.handlers.listJobs(
    restEvent({ headers: owner, queryStringParameters: { limit: '2' } }),
  );
  const { jobs, links } = Page.parse(json(first));
  const next = new URL(links.next ?? '', 'http://api').searchParams;
  const queryStringParameters = Object.fromEntries(next);
  const second = Page.parse(
    json(await service.handlers.listJobs(restEvent({ headers: owner, queryStringParameters }))),
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
    const response = await service.handlers.listJobs(restEvent({ queryStringParameters: query }));

    expect(response.statusCode).toBe(400);
    expect(json(response)).toMatchObject({ errors: [{ pointer: expect.stringMatching(/limit|cursor/) }] });
  },
);
