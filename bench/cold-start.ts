import { execFile } from 'node:child_process';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { boot } from '../bin/boot.ts';
import { imageAssembly } from './assemblies.ts';
import { median, ms, type Row } from './measure.ts';

const ROUNDS = 3;
/** How many bundles are listed: those that take longest. */
const LISTED = 12;
/** What a cold start may cost beyond that of a function that does nothing, without a native module. */
const BAR_MS = 200;

const run = promisify(execFile);

/**
 * Says how much processor time the init phase took: everything that a handler's module does before its first event.
 * Unlike the time that passes it is the same on a busy machine.
 */
const INIT = `const before = process.cpuUsage();
await import(process.argv[1]);
const { user, system } = process.cpuUsage(before);
process.stdout.write(String((user + system) / 1000));
process.exit(0);`;

interface Bundle {
  readonly name: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

interface Measured {
  readonly name: string;
  readonly initMs: number;
  readonly kilobytes: number;
  readonly native: boolean;
}

/**
 * The init phase of each bundle in a fresh process, beside that of an empty handler, with the environment that the
 * function is deployed with. It is this machine's processor that is measured, not Lambda's: compare the rows.
 */
export const benchColdStart = async (dir: string): Promise<Row[]> => {
  const empty = join(dir, 'empty');
  await mkdir(empty, { recursive: true });
  await writeFile(join(empty, 'index.mjs'), 'export const handler = async () => {};\n');
  const bundles = await deployedBundles(dir);
  const none = await measure({ name: 'an empty handler', directory: empty, environment: {} });
  const all: Measured[] = [];
  for (const bundle of bundles) all.push(await measure(bundle));

  const slowest = all.toSorted((a, b) => b.initMs - a.initMs).slice(0, LISTED);
  return slowest.map(({ name, initMs, kilobytes, native }) => ({
    what: `init of ${name} (CPU), ${kilobytes} kB${native ? ' and sharp' : ''}`,
    measured: ms(initMs),
    against: `${ms(none.initMs)} of an empty handler`,
    bar: native ? '' : `<= ${ms(BAR_MS)} more`,
    held: native || initMs - none.initMs <= BAR_MS,
  }));
};

/** What is deployed, a bundle for each function, whatever the function is called in the account. */
const deployedBundles = async (dir: string): Promise<Bundle[]> => {
  const { running } = await boot({
    port: 0,
    dataDir: join(dir, 'cold-start'),
    assembly: await imageAssembly(dir),
  });
  try {
    return running.cloud.lambda.functions().map(({ name, directory, environment }) => ({
      name: name.replace(/^(\w+)-\w+-(\w+)Function[0-9A-F]{8}.*$/, '$1/$2'),
      directory,
      environment,
    }));
  } finally {
    await running.close();
  }
};

const measure = async ({ name, directory, environment }: Bundle): Promise<Measured> => {
  const module = pathToFileURL(join(directory, 'index.mjs')).href;
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', INIT, module], {
      cwd: directory,
      env: { PATH: process.env.PATH, AWS_REGION: 'us-east-1', ...environment },
    });
    samples.push(Number(stdout));
  }
  const files = await readdir(directory);
  const sizes = await Promise.all(
    files
      .filter((file) => file.endsWith('.mjs'))
      .map(async (file) => (await stat(join(directory, file))).size),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return {
    name,
    initMs: median(samples),
    kilobytes: Math.round(bytes / 1_000),
    native: files.includes('node_modules'),
  };
};
