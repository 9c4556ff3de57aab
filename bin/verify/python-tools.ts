import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../../local/errors.ts';

const CACHE = resolve(import.meta.dirname, '../../.cache/python');
const PAUSES_S = [5, 20];

/**
 * The `bin` directory of a virtual environment that has exactly what a requirements file pins. It is made once and kept.
 *
 * @param options.cache where environments are kept
 * @param options.python the program that makes them
 * @throws {UserError} of one line when there is no Python with `venv`, or the packages cannot be fetched
 */
export const pythonTools = async (
  requirementsFile: string,
  { cache = CACHE, python = 'python3' } = {},
): Promise<string> => {
  const pinned = await readFile(requirementsFile, 'utf8');
  const home = join(cache, createHash('sha256').update(pinned).digest('hex').slice(0, 12));
  const bin = join(home, 'bin');
  const complete = join(home, 'complete');
  if (existsSync(complete)) return bin;

  await rm(home, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  try {
    makeEnvironment(python, home);
    await install(requirementsFile, bin);
    await writeFile(complete, pinned);
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    throw error;
  }
  return bin;
};

const makeEnvironment = (python: string, home: string): void => {
  if (run(python, ['-m', 'venv', home]) === undefined) return;
  throw new UserError(
    'Python 3.10 or later with its venv module is needed: install python3 (and python3-venv)',
  );
};

const install = async (requirementsFile: string, bin: string): Promise<void> => {
  const args = ['install', '--quiet', '--disable-pip-version-check', '--requirement', requirementsFile];
  let complaint = run(join(bin, 'pip'), args);
  for (const pause of PAUSES_S) {
    if (complaint === undefined) break;
    await new Promise((go) => setTimeout(go, pause * 1_000));
    complaint = run(join(bin, 'pip'), args);
  }
  if (complaint === undefined) return;
  throw new UserError(
    `the packages of ${requirementsFile} cannot be installed: is this machine online? ${lastLine(complaint)}`,
  );
};

/** Nothing when the program did its work; otherwise what it said. */
const run = (program: string, args: readonly string[]): string | undefined => {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status === 0) return undefined;
  return error?.message ?? (stderr || `exit code ${status}`);
};

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
