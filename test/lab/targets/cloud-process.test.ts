import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CloudOptions, startCloudProcess } from '../../../lab/targets/cloud-process.ts';
import { ASSEMBLY } from '../../support/local-app.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lab-cloud-process-'));
});
afterEach(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));

const start = (options: Partial<CloudOptions>) =>
  startCloudProcess({ directory, assembly: ASSEMBLY, port: 0, say: () => undefined, ...options });

test('a cloud that does not come up is told with what it said last', async () => {
  const starting = start({ assembly: join(directory, 'nowhere') });

  await expect(starting).rejects.toThrow(
    /^the local cloud of the lab did not come up; it said last:\n {2}npm start: .*nowhere/,
  );
}, 60_000);

test('a cloud that is ended says nothing, and its end is not missed', async () => {
  const told: string[] = [];
  const cloud = await start({ say: (line) => told.push(line) });

  await cloud.end('SIGTERM');
  await cloud.end('SIGKILL');

  expect(told).toEqual([]);
}, 60_000);

test('a cloud that somebody else kills is missed, in one line', async () => {
  const told = Promise.withResolvers<string>();
  await start({ say: told.resolve });

  process.kill(Number(await readFile(join(directory, 'data', 'lock'), 'utf8')), 'SIGKILL');

  expect(await told.promise).toBe('the local cloud of the lab has ended by itself (SIGKILL)');
}, 60_000);
