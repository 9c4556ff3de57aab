import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { pythonTools } from '../../../bin/verify/python-tools.ts';
import { UserError } from '../../../local/errors.ts';

let directory: string;
let requirements: string;
let cache: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'python-tools-'));
  requirements = join(directory, 'requirements.txt');
  cache = join(directory, 'cache');
  await writeFile(requirements, 'cfn-lint==1.2.3\n');
});
afterEach(async () => {
  jest.useRealTimers();
  await rm(directory, { recursive: true });
});

/** A `python3` whose environments have a `pip` that does this, and notes each of its calls. */
const pythonWhosePip = async (does: string): Promise<string> => {
  const pip = `#!/bin/sh\\necho "$@" >> ${directory}/calls\\n${does}\\n`;
  const python = join(directory, 'python');
  await writeFile(
    python,
    `#!/bin/sh\nmkdir -p "$3/bin"\nprintf '${pip}' > "$3/bin/pip"\nchmod +x "$3/bin/pip"\n`,
  );
  await chmod(python, 0o755);
  return python;
};

const calls = async (): Promise<number> =>
  (await readFile(join(directory, 'calls'), 'utf8')).trim().split('\n').length;

test('without Python it is said in one line what to install', async () => {
  const made = pythonTools(requirements, { cache, python: join(directory, 'no-python') });

  await expect(made).rejects.toThrow(
    new UserError('Python 3.10 or later with its venv module is needed: install python3 (and python3-venv)'),
  );
  expect(await readdir(cache)).toEqual([]);
});

test('without a network it is tried three times, then told in one line, and nothing half made is kept', async () => {
  const python = await pythonWhosePip(
    'echo "retrying" >&2; echo "ERROR: No matching distribution" >&2; exit 1',
  );
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });

  const made = pythonTools(requirements, { cache, python }).catch((error: unknown) => error);
  const settled = made.then(() => true);
  while (!(await Promise.race([settled, new Promise((next) => setImmediate(next, false))])))
    jest.advanceTimersByTime(1_000);

  const error = await made;
  expect(error).toBeInstanceOf(UserError);
  expect(String(error)).toContain(
    `the packages of ${requirements} cannot be installed: is this machine online? ERROR: No matching distribution`,
  );
  expect(String(error)).not.toContain('\n');
  expect(await calls()).toBe(3);
  expect(await readdir(cache)).toEqual([]);
});

test('what was made once is kept, until the file pins something else', async () => {
  const python = await pythonWhosePip('exit 0');

  const first = await pythonTools(requirements, { cache, python });
  const again = await pythonTools(requirements, { cache, python });
  await writeFile(requirements, 'cfn-lint==1.2.4\n');
  const other = await pythonTools(requirements, { cache, python });

  expect(again).toBe(first);
  expect(other).not.toBe(first);
  expect(await calls()).toBe(2);
});
