import sharp from 'sharp';
import { photograph } from './photograph.ts';
import { scenario } from './scenario.ts';

export const imageJob = scenario(
  'image-job',
  'asynchronous request/response',
  'an upload is accepted at once, worked on behind queues, and answered later',
  async ({ app, check, hop }) => {
    const image = await photograph(1600, 1200);
    const requestedAt = Date.now();

    const job = await app.jobs.request({
      contentType: 'image/jpeg',
      contentLength: image.byteLength,
      operations: [
        { op: 'resize', width: 800 },
        { op: 'format', format: 'webp', quality: 80 },
      ],
    });
    hop('accepted (202)');
    check('accepted before the work is done', job.status === 'awaiting_upload', job.status);

    const upload = await app.jobs.upload(job, image, 'image/jpeg');
    hop('uploaded to S3');
    check('S3 takes the file with the form that the service gave', upload.ok, `HTTP ${upload.status}`);

    const ended = await app.jobs.waitFor(job.id);
    for (const { status, at } of ended.history) {
      const time = Date.parse(at);
      if (time >= requestedAt && status !== 'awaiting_upload') hop(status, time);
    }
    check('the job succeeds', ended.status === 'succeeded', ended.error ?? ended.status);
    check(
      'it went through its states in order',
      ended.history.map(({ status }) => status).join() === 'awaiting_upload,queued,processing,succeeded',
      ended.history.map(({ status }) => status).join(' -> '),
    );

    const { contentType, body } = await app.jobs.result(job.id);
    hop('result downloaded');
    const { width, height, format } = await sharp(body).metadata();
    check('the result is what was asked for', width === 800 && height === 600 && format === 'webp', {
      contentType,
      width,
      height,
      format,
    });
  },
);
