import sharp from 'sharp';
import { setConsuming } from './app/consumers.ts';
import type { Accepted } from './app/jobs.ts';
import { until } from './app/until.ts';
import { photograph } from './photograph.ts';
import { type Stage, scenario } from './scenario.ts';

export const asyncRequestResponse = scenario(
  'async-request-response',
  'asynchronous request/response',
  'with the worker down the same work is accepted all the same, and done when the worker returns',
  async (stage) => {
    const { app, check, hop } = stage;
    const worker = app.output('ProcessImageFunctionName');
    await setConsuming(app, worker, false);
    hop('the worker is down');
    let job: Accepted;
    try {
      job = await requestWork(stage);
    } finally {
      await setConsuming(app, worker, true);
    }
    hop('the worker is back');

    const ended = await app.jobs.waitFor(job.id);
    check(
      'the work is done when the worker returns, and nobody had to ask again',
      ended.status === 'succeeded',
      ended.history.map(({ status }) => status).join(' -> '),
    );
    const { body } = await app.jobs.result(job.id);
    const { width, height, format } = await sharp(body).metadata();
    check(
      'the result is the one that the caller of a thumbnail waits for',
      width === 320 && height === 240 && format === 'webp',
      { width, height, format, bytes: body.length },
    );
  },
);

/** The work of the scenario `request-response`, while nobody is there to do it. */
const requestWork = async ({ app, check, hop }: Stage): Promise<Accepted> => {
  const photo = await photograph(1600, 1200);
  const job = await app.jobs.request({
    contentType: 'image/jpeg',
    contentLength: photo.byteLength,
    operations: [
      { op: 'resize', width: 320 },
      { op: 'format', format: 'webp' },
    ],
  });
  hop('accepted (202)');
  check('with the worker down the request is accepted all the same', job.status === 'awaiting_upload', {
    status: 202,
    job: job.status,
  });
  const upload = await app.jobs.upload(job, photo, 'image/jpeg');
  check('the upload is taken', upload.ok, `HTTP ${upload.status}`);

  const queueUrl = app.output('JobsQueueUrl');
  const { waiting } = await until(
    'the work to wait in its queue',
    () => app.depth(queueUrl),
    (depth) => depth.waiting > 0,
  );
  const { status } = await app.jobs.get(job.id);
  hop('the work waits');
  check('the work waits in the queue, and the job says so', status === 'queued', { waiting, status });
  return job;
};
