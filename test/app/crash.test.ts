import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App } from '../../scenarios/app/app.ts';
import { ENDED, type Job } from '../../scenarios/app/jobs.ts';
import { OutputsFile } from '../../scenarios/app/outputs.ts';
import { jpeg } from '../support/images.ts';
import { ASSEMBLY } from '../support/local-app.ts';

const JOBS = 200;
const start = resolve(import.meta.dirname, '../../bin/start.ts');

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
};

/** The local cloud as its user starts it: a process that can be killed. */
const startCloud = async (dataDir: string, port: number): Promise<ChildProcess> => {
  const cloud = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      start,
      '--port',
      String(port),
      '--data',
      dataDir,
      '--assembly',
      ASSEMBLY,
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  clouds.add(cloud);
  await new Promise<void>((ready, fail) => {
    cloud.stdout.on('data', (text) => String(text).includes('Ready.') && ready());
    cloud.once('exit', (code) => fail(new Error(`the local cloud ended with ${code} before it was ready`)));
  });
  return cloud;
};

const stop = async (cloud: ChildProcess, signal: 'SIGKILL' | 'SIGINT'): Promise<void> => {
  const exited = once(cloud, 'exit');
  cloud.kill(signal);
  await exited;
  clouds.delete(cloud);
};

/** Asks until all have ended; where nothing moves any more, messages wait out a visibility timeout, and time is skipped. */
const untilEnded = async (app: App, ids: readonly string[]): Promise<Job[]> => {
  const ended = new Map<string, Job>();
  for (let round = 0; ended.size < ids.length && round < 200; round += 1) {
    const before = ended.size;
    const waiting = ids.filter((id) => !ended.has(id));
    for (const job of await Promise.all(waiting.map((id) => app.jobs.get(id)))) {
      if (ENDED.includes(job.status)) ended.set(job.id, job);
    }
    const { waiting: backlog } = await app.depth(app.output('JobsQueueUrl'));
    if (ended.size === before && backlog === 0) await app.passTime(4 * 60_000);
  }
  return [...ended.values()];
};

const clouds = new Set<ChildProcess>();
afterEach(async () => {
  for (const cloud of clouds) await stop(cloud, 'SIGKILL');
});

const connect = async (dataDir: string, port: number): Promise<App> =>
  new App({
    name: 'local',
    endpoint: `http://127.0.0.1:${port}`,
    outputs: OutputsFile.parse(JSON.parse(await readFile(join(dataDir, 'outputs.json'), 'utf8'))),
  });

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
