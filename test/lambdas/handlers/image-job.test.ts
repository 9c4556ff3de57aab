import { jpeg, notAnImage } from '../../support/images.ts';
import { about, type ImageService, json, startImageService } from '../support/image-service.ts';

let service: ImageService;
beforeAll(async () => {
  service = await startImageService();
});
beforeEach(() => service.forgetMessages());
afterAll(() => service.close());

test('a job goes from its upload to its result', async () => {
  const { job } = await service.request();

  await service.upload(job.id, await jpeg(80, 60));

  const shown = await service.show(job.id);
  expect(shown).toMatchObject({
    status: 'succeeded',
    attempt: 1,
    result: { contentType: 'image/jpeg', width: 40, height: 30 },
    links: { result: `/live/v1/jobs/${job.id}/result` },
  });
  expect(service.aws.published[0]?.get('MessageAttributes.entry.1.Value.StringValue')).toBe(
    'serverless-ipc.job.succeeded.v1',
  );
  const result = await service.handlers.getResult(about(job.id, '/result'));
  expect(result.statusCode).toBe(303);
  expect(new URL(String(result.headers?.location)).pathname).toBe(`/results-bucket/results/${job.id}`);
});

test('each change of a job is told once to the queue of changes, in the group of the job', async () => {
  const { job } = await service.request();

  await service.upload(job.id, await jpeg(80, 60));

  const told = service.aws.sentInOrder.filter(({ MessageGroupId }) => MessageGroupId === job.id);
  expect(told.map(({ MessageDeduplicationId }) => MessageDeduplicationId)).toEqual(
    [2, 3, 4].map((seq) => `${job.id}:${seq}`),
  );
  expect(told.map(({ MessageBody }) => JSON.parse(MessageBody).data.status)).toEqual([
    'queued',
    'processing',
    'succeeded',
  ]);
});

test('every delivery of the path twice has one effect', async () => {
  const { job } = await service.request();
  const image = await jpeg(80, 60);
  await service.upload(job.id, image);
  const once = await service.show(job.id);

  await service.upload(job.id, image);
  await service.deliver('projectJob', service.lastPublished());

  expect(await service.show(job.id)).toEqual(once);
});

test('a bad image fails its job, and its message is done with', async () => {
  const { job } = await service.request();

  await service.upload(job.id, notAnImage());

  expect(await service.show(job.id)).toMatchObject({
    status: 'failed',
    error: { type: 'urn:problem:serverless-ipc:not-an-image', title: expect.any(String) },
  });
  expect((await service.handlers.getResult(about(job.id, '/result'))).statusCode).toBe(410);
});

test('an upload larger than declared fails its job', async () => {
  const { job } = await service.request();

  await service.upload(job.id, new Uint8Array(1_000_001));

  expect(await service.show(job.id)).toMatchObject({
    error: { type: 'urn:problem:serverless-ipc:upload-too-large' },
  });
});

test('an upload that is gone when its job is worked on fails the job', async () => {
  const { job } = await service.request();
  await service.notify(job.id);

  await service.deliver('processImage', service.lastSent());
  await service.deliver('projectJob', service.lastPublished());

  expect(await service.show(job.id)).toMatchObject({
    error: { type: 'urn:problem:serverless-ipc:upload-missing' },
  });
});

test('a job is canceled once, and its work is left undone', async () => {
  const { job } = await service.request();
  await service.notify(job.id);

  const canceled = await service.handlers.cancelJob(about(job.id, '/cancel'));
  const again = await service.handlers.cancelJob(about(job.id, '/cancel'));
  const work = await service.deliver('processImage', service.lastSent());

  expect(canceled).toMatchObject({ statusCode: 200 });
  expect(json(canceled)).toMatchObject({ status: 'canceled' });
  expect(again.statusCode).toBe(409);
  expect(work).toBe('handled');
  expect(service.aws.published).toEqual([]);
});

test('a job whose upload never came expires', async () => {
  const { job } = await service.request();

  await service.deliver('expireJob', service.lastSent());

  expect(await service.show(job.id)).toMatchObject({ status: 'expired' });
});

test('a job that was tried too often is failed, its message kept with the cause, and it runs when redriven', async () => {
  const { job } = await service.request();
  await service.notify(job.id);
  const message = service.lastSent();

  await service.deliver('failJob', message);
  await service.deliver('projectJob', service.lastPublished());
  const failed = await service.show(job.id);
  const letter = service.aws.sent.at(-1);
  const image = await jpeg(80, 60);
  service.store(job.id, image);
  await service.deliver('processImage', letter?.MessageBody ?? '');
  await service.deliver('projectJob', service.lastPublished());

  expect(failed).toMatchObject({
    status: 'failed',
    error: { type: 'urn:problem:serverless-ipc:processing-exhausted', retryable: true },
  });
  expect(letter).toMatchObject({
    QueueUrl: process.env.JOBS_DEAD_LETTERS_URL,
    MessageBody: message,
    MessageAttributes: { jobId: { StringValue: job.id } },
  });
  expect(await service.show(job.id)).toMatchObject({ status: 'succeeded' });
});

test('an event is kept word for word under its id, however often it comes', async () => {
  const { job } = await service.request();
  await service.upload(job.id, await jpeg(80, 60));
  const event = service.lastPublished();

  await service.deliver('auditEvent', event);
  await service.deliver('auditEvent', event);

  const kept = [...service.aws.objects].filter(
    ([path]) => path.startsWith('audit-bucket/') && path.includes(job.id),
  );
  expect(kept).toHaveLength(1);
  expect(kept[0]?.[0]).toMatch(/^audit-bucket\/events\/\d{4}-\d{2}-\d{2}\//);
  expect(kept[0]?.[1].body.toString()).toBe(event);
});

test.each(['uploadReceived', 'processImage', 'projectJob', 'auditEvent', 'expireJob'] as const)(
  '%s does not swallow what it cannot read',
  async (name) => {
    expect(await service.deliver(name, 'garbage')).toBe('failed');
  },
);

test('the test event that S3 sends is taken', async () => {
  expect(await service.deliver('uploadReceived', JSON.stringify({ Event: 's3:TestEvent' }))).toBe('handled');
});
