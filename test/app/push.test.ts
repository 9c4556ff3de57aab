import { ENDED } from '../../scenarios/app/jobs.ts';
import { until } from '../../scenarios/app/until.ts';
import { Watcher } from '../../scenarios/app/watcher.ts';
import { jpeg } from '../support/images.ts';
import { startTestApp, type TestApp } from '../support/local-app.ts';

let running: TestApp;
let watcher: Watcher;
beforeAll(async () => {
  running = await startTestApp();
});
beforeEach(async () => {
  watcher = await Watcher.connect(running.app);
});
afterEach(() => watcher.close());
afterAll(() => running.close());

const request = (image: Uint8Array) =>
  running.app.jobs.request({ contentType: 'image/jpeg', contentLength: image.byteLength, operations: [] });

const answerTo = async (message: unknown): Promise<unknown> => {
  watcher.say(message);
  return until(
    'an answer',
    () => watcher.messages[0],
    (answer) => answer !== undefined,
  );
};

describe('a client that says something wrong is answered, and stays connected', () => {
  test.each([
    [
      'an unknown action',
      { action: 'listen', jobId: 'x' },
      { type: 'urn:problem:serverless-ipc:invalid-request', status: 400 },
    ],
    ['no action', { jobId: 'x' }, { type: 'urn:problem:serverless-ipc:invalid-request', status: 400 }],
    [
      'text that is not JSON',
      '{"action":"watch"',
      { type: 'urn:problem:serverless-ipc:invalid-request', status: 400 },
    ],
    ['no job', { action: 'watch' }, { type: 'urn:problem:serverless-ipc:invalid-request', status: 400 }],
    [
      'an unknown job',
      { action: 'watch', jobId: '22222222-2222-4222-8222-222222222222' },
      { type: 'urn:problem:serverless-ipc:unknown-job', status: 404 },
    ],
  ])(
    '%s',
    async (_case, message, expected) => {
      const answer = await answerTo(message);
      const { id } = await request(await jpeg(8, 8));
      watcher.watch(id);
      await until(
        'the job to be watched',
        () => watcher.eventsOf(id).length,
        (events) => events === 1,
      );

      expect(answer).toMatchObject(expected);
      expect(watcher.eventsOf(id)[0]?.data.status).toBe('awaiting_upload');
    },
    60_000,
  );
});

test('a client that asks twice is told everything once', async () => {
  const image = await jpeg(8, 8);
  const job = await request(image);
  watcher.watch(job.id);
  watcher.watch(job.id);

  await running.app.jobs.upload(job, image, 'image/jpeg');
  await watcher.ended(job.id, ENDED);
  watcher.watch(job.id);
  await until(
    'three answers',
    () => watcher.messages.length,
    (messages) => messages === 3 + 4,
  );

  expect(watcher.eventsOf(job.id).map(({ data }) => data.seq)).toEqual([1, 2, 3, 4]);
});

test('a pusher killed in the middle costs a delay and at most a repetition, never an event', async () => {
  const image = await jpeg(8, 8);
  const job = await request(image);
  watcher.watch(job.id);
  await until(
    'the first event',
    () => watcher.eventsOf(job.id).length,
    (events) => events === 1,
  );

  await running.app.jobs.upload(job, image, 'image/jpeg');
  await until(
    'the pusher to be killed',
    () =>
      running.local.killEnvironment(running.app.output('PushJobChangeFunctionName')).then(
        () => true,
        () => false,
      ),
    (killed) => killed,
    { everyMs: 1 },
  );
  await running.app.jobs.waitFor(job.id);
  // Longer than the message is hidden, shorter than a silent connection is kept.
  await running.local.skipTime(2 * 60_000);
  await watcher.ended(job.id, ENDED);

  const seqs = watcher.eventsOf(job.id).map(({ data }) => data.seq);
  expect([...new Set(seqs)]).toEqual([1, 2, 3, 4]);
  expect(seqs).toEqual(seqs.toSorted());
});
