import { parseFaultPlan } from '../../local/faults/plan.ts';
import { imageJob } from '../../scenarios/image-job.ts';
import { queue } from '../../scenarios/queue.ts';
import { play } from '../../scenarios/scenario.ts';
import { stream } from '../../scenarios/stream.ts';
import { jpeg } from '../support/images.ts';
import { jobsEnded } from '../support/jobs-ended.ts';
import { startTestApp, type TestApp } from '../support/local-app.ts';

const ROUNDS = 4;
const JOBS_A_ROUND = 3;

/** Each kind of fault, where the app is to get along with it; the scenarios' own queues are not doubled into. */
const faults = parseFaultPlan(
  {
    seed: 20,
    rules: [
      { fault: 'kill-environment', resource: '*ProcessImage*', every: 4, limit: 2, afterMs: 10 },
      { fault: 'throttle', service: 'lambda', resource: '*ProcessImage*', at: 6 },
      { fault: 'drop-acknowledgement', service: 'sqs', action: 'SendMessage', resource: '*Jobs*', every: 6 },
      { fault: 'drop-acknowledgement', service: 'dynamodb', resource: '*Jobs*', every: 9 },
      { fault: 'duplicate-delivery', service: 'sqs', resource: '*Projections*', share: 0.2 },
      { fault: 'duplicate-delivery', service: 'kinesis', every: 4 },
      { fault: 'delay-delivery', service: 'sns', share: 0.3, ms: 50 },
      { fault: 'throttle', service: 'dynamodb', every: 20 },
      { fault: 'throttle', service: 'sqs', action: 'SendMessage', share: 0.02 },
      { fault: 'fail', service: 's3', action: 'GetObject', every: 7 },
      { fault: 'clock-jump', afterMs: 1500, ms: 1000 },
    ],
  },
  'test',
);

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp({ faults });
});
afterAll(() => running.close(), 30_000);

test('while processes die, answers get lost, messages come twice and services throttle, nothing is lost', async () => {
  const { app, booted } = running;
  const image = await jpeg(64, 48);
  const operations = [{ op: 'resize', width: 32 }];

  const failed: unknown[] = [];
  for (const scenario of [imageJob, queue, stream]) {
    const { name, checks } = await play(scenario, app);
    for (const check of checks) if (!check.passed) failed.push({ name, check });
  }
  const requestOne = async (): Promise<string> => {
    const contentLength = image.byteLength;
    const job = await app.jobs.request({ contentType: 'image/jpeg', contentLength, operations });
    await app.jobs.upload(job, image, 'image/jpeg');
    return job.id;
  };
  const ids: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    ids.push(...(await Promise.all(Array.from({ length: JOBS_A_ROUND }, requestOne))));
  const ended = await jobsEnded(app, ids);

  expect(failed).toEqual([]);
  expect(ended.map(({ status }) => status)).toEqual(ids.map(() => 'succeeded'));
  expect(Object.keys(booted.running.cloud.faults?.counts() ?? {}).sort()).toEqual([
    'clock-jump',
    'delay-delivery',
    'drop-acknowledgement',
    'duplicate-delivery',
    'fail',
    'kill-environment',
    'throttle',
  ]);
}, 180_000);
