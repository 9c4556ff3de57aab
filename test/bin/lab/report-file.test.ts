import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareReport, writeReport } from '../../../bin/lab/report-file.ts';
import { emptyReport } from './empty-report.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lab-report-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('the page is written whole, in a directory that need not be there', async () => {
  const file = await writeReport(join(directory, 'new', 'report'), emptyReport);

  expect(await readFile(file, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  expect(await readdir(join(directory, 'new', 'report'))).toEqual(['index.html']);
});

test('a directory that cannot be one is refused in one line, before anything is measured', async () => {
  const file = join(directory, 'file');
  await writeFile(file, '');

  await expect(prepareReport(file)).rejects.toThrow(/^--report .*\/file: .*EEXIST: [^\n]*$/);
  await expect(prepareReport(join(directory, 'new'))).resolves.toBeUndefined();
});

test('a page that cannot be written leaves the one from before as it was', async () => {
  await writeFile(join(directory, 'index.html'), 'from before');
  const cyclic = { ...emptyReport, versions: {} };
  Object.assign(cyclic.versions, { self: cyclic });

  await expect(writeReport(directory, cyclic)).rejects.toThrow();

  expect(await readFile(join(directory, 'index.html'), 'utf8')).toBe('from before');
  expect(await readdir(directory)).toEqual(['index.html']);
});
