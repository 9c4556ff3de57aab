import { killClouds } from '../../support/cloud-process.ts';
import { BATCH_SIZE, SHARDS } from './assembly.ts';
import { storm } from './storm.ts';

const ROUNDS = 5;

afterEach(killClouds);

test('whatever was acknowledged before a SIGKILL at a random instant is there afterwards, once where that is promised', async () => {
  const verdict = await storm({ seed: 4, rounds: ROUNDS });

  for (const { path, acknowledged, lost } of verdict.paths) {
    expect({ path, lost }).toEqual({ path, lost: 0 });
    expect(acknowledged).toBeGreaterThan(0);
  }
  for (const once of ['fifo', 'announced', 'standard'])
    expect(verdict.paths.find(({ path }) => path === once)).toMatchObject({ doubled: 0 });
  expect(verdict).toMatchObject({ returned: 0, disordered: 0, skipped: 0 });
  expect(verdict.repeated).toBeLessThanOrEqual(verdict.kills * SHARDS * BATCH_SIZE);
}, 120_000);
