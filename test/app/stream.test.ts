import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nameOf, OwnActivity } from '../../scenarios/app/activity.ts';
import type { App } from '../../scenarios/app/app.ts';
import { until } from '../../scenarios/app/until.ts';
import { connect, freePort, killClouds, startCloud, stop } from '../support/cloud-process.ts';

const SUBJECTS = Array.from({ length: 20 }, (_, index) => `subject-${index}`);
const ROUNDS = 15;
const ALL = SUBJECTS.length * ROUNDS;

afterEach(killClouds);

const round = (activity: OwnActivity, n: number) => SUBJECTS.map((subject) => activity.record(subject, n));

/** What both consumers have in the end: they go on until they have everything, and a moment longer. */
const outcome = async (activity: OwnActivity) => {
  const patience = { timeoutMs: 60_000, everyMs: 100 };
  await until(
    'all to be counted',
    () => activity.counted(),
    (count) => count >= ALL,
    patience,
  );
  await until(
    'all to be archived',
    () => activity.archived(),
    ({ length }) => length >= ALL,
    patience,
  );
  const archived = (await activity.archived()).map(nameOf);
  return { counted: await activity.counted(), archived: archived.length, different: new Set(archived).size };
};

const inCloud = async (use: (app: App, restart: () => Promise<App>) => Promise<void>): Promise<void> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'serverless-ipc-stream-'));
  const port = await freePort();
  let cloud = await startCloud(dataDir, port);
  const apps = [await connect(dataDir, port)];
  try {
    await use(apps[0] ?? (await connect(dataDir, port)), async () => {
      await stop(cloud, 'SIGKILL');
      cloud = await startCloud(dataDir, port);
      const app = await connect(dataDir, port);
      apps.push(app);
      return app;
    });
    await stop(cloud, 'SIGINT');
  } finally {
    for (const app of apps) app.close();
    await rm(dataDir, { recursive: true, force: true });
  }
};

test('consumers killed in the middle of their batches: each record is counted once and archived', async () => {
  await inCloud(async (app) => {
    const activity = await OwnActivity.begin(app);
    const consumers = [app.output('CountActivityFunctionName'), app.output('ArchiveActivityFunctionName')];

    for (let n = 0; n < ROUNDS; n += 1) {
      await activity.put(round(activity, n));
      for (const consumer of consumers) await app.local?.killEnvironment(consumer).catch(() => undefined);
    }

    expect(await outcome(activity)).toEqual({ counted: ALL, archived: ALL, different: ALL });
  });
}, 120_000);

test('the whole cloud killed with records on their way: each that was acknowledged is counted once and archived', async () => {
  await inCloud(async (app, restart) => {
    const activity = await OwnActivity.begin(app);

    for (let n = 0; n < ROUNDS; n += 1) await activity.put(round(activity, n));
    await restart();

    expect(await outcome(activity)).toEqual({ counted: ALL, archived: ALL, different: ALL });
  });
}, 120_000);
