import * as files from 'node:fs/promises';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { emptyReport } from './empty-report.ts';

let diskIsFull = false;
const noSpace = (): Error =>
  Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
jest.unstable_mockModule('node:fs/promises', () => ({
  ...files,
  writeFile: async (file: string, text: string) => {
    await writeFile(file, diskIsFull ? text.slice(0, 10) : text);
    if (diskIsFull) throw noSpace();
  },
}));
const { tell } = await import('../../../bin/lab/tell.ts');

const report = { ...emptyReport, interrupted: true };

let directory = '';
beforeEach(async () => {
  diskIsFull = false;
  directory = await mkdtemp(join(tmpdir(), 'lab-tell-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const told = async (options: { report: string; json: boolean }) => {
  const printed: string[] = [];
  const said: string[] = [];
  const voices = { print: (one: string) => printed.push(one), say: (one: string) => said.push(one) };
  const code = await tell(report, options, voices);
  return { code, printed, said };
};

test('JSON is one object that says whether it was interrupted', async () => {
  const { code, printed } = await told({ report: directory, json: true });

  expect(code).toBe(0);
  expect(printed.map((one) => JSON.parse(one))).toEqual([
    { target: 'local', seed: 1, interrupted: true, cells: [], runs: [] },
  ]);
});

test('a disk that is full costs the page: one line says so, and nothing half written stays', async () => {
  diskIsFull = true;

  const { code, printed, said } = await told({ report: directory, json: true });

  expect(code).toBe(1);
  expect(printed).toHaveLength(1);
  expect(said).toEqual([
    `\nThe report could not be written to ${directory}, what was found stands above: no space is left on the disk`,
  ]);
  expect(await readdir(directory)).toEqual([]);
});

test('a directory that cannot be made is told in one line', async () => {
  await writeFile(join(directory, 'file'), '');

  const { code, said } = await told({ report: join(directory, 'file', 'report'), json: false });

  expect(code).toBe(1);
  expect(said.at(-1)).toMatch(/^\nThe report could not be written to .*: ENOTDIR: [^\n]*$/);
});
