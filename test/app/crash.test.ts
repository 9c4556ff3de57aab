import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '../../scenarios/app/app.ts';
import { ENDED, type Job } from '../../scenarios/app/jobs.ts';
import { connect, freePort, killClouds, startCloud, stop } from '../support/cloud-process.ts';
import { jpeg } from '../support/images.ts';

const JOBS = 200;

afterEach(killClouds);

/** Asks until all have ended; where nothing moves any more, messages wait out a visibility timeout, and time is skipped. */
const untilEnded = async (app: App, ids: readonly string[]): Promise<Job[]> => {
  const ended = new Map<string, Job>();
  for (let round = 0; ended.size < ids.length && round < 200; round += 1) {
    const before = ended.size;
    const waiting = ids.filter((id) => !ended.has(id));
    // A few at a time: each question that is under way needs an environment of its own, beside those that do the work.
    for (let from = 0; from < waiting.length; from += 20) {
      const some = await Promise.all(waiting.slice(from, from + 20).map((id) => app.jobs.get(id)));
      for (const job of some) if (ENDED.includes(job.status)) ended.set(job.id, job);
    }
    const { waiting: backlog } = await app.depth(app.output('JobsQueueUrl'));
    if (ended.size === before && backlog === 0) await app.passTime(4 * 60_000);
  }
  return [...ended.values()];
};

test('the whole cloud SIGKILLed with 200 jobs in flight: started again, all end, none lost, none doubled', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'serverless-ipc-crash-'));
  const port = await freePort();
  const image = await jpeg(64, 48);
  const operations = [{ op: 'resize', width: 32 }];
  let cloud = await startCloud(dataDir, port);
  const before = await connect(dataDir, port);

  const accepted = await Promise.all(
    Array.from({ length: JOBS }, () =>
      before.jobs.request({ contentType: 'image/jpeg', contentLength: image.byteLength, operations }),
    ),
  );
  await Promise.all(accepted.map((job) => before.jobs.upload(job, image, 'image/jpeg')));
  await stop(cloud, 'SIGKILL');
  cloud = await startCloud(dataDir, port);
  const after = await connect(dataDir, port);
  const ended = await untilEnded(
    after,
    accepted.map(({ id }) => id),
  );
  await stop(cloud, 'SIGINT');
  before.close();
  after.close();
  await rm(dataDir, { recursive: true, force: true });

  const states = Map.groupBy(ended, ({ status }) => status);
  expect(ended).toHaveLength(JOBS);
  expect([...states.keys()]).toEqual(['succeeded']);
  for (const { history } of ended)
    expect(history.filter(({ status }) => status === 'succeeded')).toHaveLength(1);
}, 180_000);
