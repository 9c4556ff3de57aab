import {
  corruptHeader,
  dimensions,
  hugePng,
  jpeg,
  notAnImage,
  svg,
  truncatedJpeg,
} from '../support/images.ts';
import { startTestApp, type TestApp } from '../support/local-app.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp();
});
afterAll(() => running.close());

const resize = [{ op: 'resize', width: 100 }];
const request = (contentType: string, contentLength: number) =>
  running.app.jobs.request({ contentType, contentLength, operations: resize });

test('an upload that is larger than declared is refused by S3, and the job goes on waiting', async () => {
  const image = await jpeg(400, 300);
  const job = await request('image/jpeg', image.byteLength - 1);

  const upload = await running.app.jobs.upload(job, image, 'image/jpeg');

  expect(upload.status).toBe(400);
  expect(await upload.text()).toContain('EntityTooLarge');
  expect(await running.app.jobs.get(job.id)).toMatchObject({ status: 'awaiting_upload' });
});

test('an upload of another type than declared is refused by S3', async () => {
  const image = await jpeg(400, 300);
  const job = await request('image/jpeg', image.byteLength);
  const declaredOtherwise = {
    ...job,
    upload: { ...job.upload, fields: { ...job.upload.fields, 'Content-Type': 'image/png' } },
  };

  const upload = await running.app.jobs.upload(declaredOtherwise, image, 'image/png');

  expect(upload.status).toBe(403);
  expect(await running.app.jobs.get(job.id)).toMatchObject({ status: 'awaiting_upload' });
});

test.each([
  ['text', 'image/png', async () => notAnImage(), /not-an-image|unsupported/],
  ['a truncated JPEG', 'image/jpeg', truncatedJpeg, /corrupt|truncated|damaged/],
  ['a corrupt header', 'image/jpeg', async () => corruptHeader(), /corrupt|damaged|not-an-image/],
  ['an SVG that calls itself PNG', 'image/png', async () => svg(), /not-an-image|unsupported/],
  ['a picture of 225 megapixels', 'image/png', async () => hugePng(), /too-large|too-many-pixels/],
])(
  '%s ends the job as failed with a stable type, and the worker goes on',
  async (_case, contentType, make, type) => {
    const image = await make();
    const job = await request(contentType, image.byteLength);
    await running.app.jobs.upload(job, image, contentType);

    const ended = await running.app.jobs.waitFor(job.id);

    expect(ended).toMatchObject({
      status: 'failed',
      attempt: 1,
      error: { type: expect.stringMatching(type) },
    });
    expect(await running.app.depth(running.app.output('JobsQueueUrl'))).toEqual({ waiting: 0, inFlight: 0 });
  },
);

test('after all the bad files the same worker still makes a good one', async () => {
  const image = await jpeg(400, 300);
  const job = await request('image/jpeg', image.byteLength);
  await running.app.jobs.upload(job, image, 'image/jpeg');

  const ended = await running.app.jobs.waitFor(job.id);
  const { body } = await running.app.jobs.result(job.id);

  expect(ended.status).toBe('succeeded');
  expect(await dimensions(body)).toEqual({ width: 100, height: 75 });
});

test('a job whose upload never comes expires', async () => {
  const job = await request('image/jpeg', 1000);

  await running.local.skipTime(11 * 60_000);

  expect(await running.app.jobs.waitFor(job.id)).toMatchObject({ status: 'expired' });
});
