import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App } from '../../scenarios/app/app.ts';
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
    [start, '--port', String(port), '--data', dataDir, '--assembly', ASSEMBLY],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  for await (const line of cloud.stdout) if (String(line).includes('Ready.')) break;
  cloud.stdout.resume();
  return cloud;
};

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
  cloud.kill('SIGKILL');
  await once(cloud, 'exit');
  cloud = await startCloud(dataDir, port);
  const after = await connect(dataDir, port);
  await after.local?.skipTime(10 * 60_000);
  const ended = await Promise.all(
    accepted.map(({ id }) => after.jobs.waitFor(id, { timeoutMs: 90_000, everyMs: 200 })),
  );
  cloud.kill('SIGINT');
  await once(cloud, 'exit');
  before.close();
  after.close();
  await rm(dataDir, { recursive: true, force: true });

  const states = Map.groupBy(ended, ({ status }) => status);
  expect([...states.keys()]).toEqual(['succeeded']);
  for (const { history } of ended)
    expect(history.filter(({ status }) => status === 'succeeded')).toHaveLength(1);
}, 180_000);
