import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { synthesize } from '../bin/boot.ts';
import { imageAssembly } from './assemblies.ts';
import { median, ms, type Row, timed } from './measure.ts';
import { withTempDir } from './with.ts';

const ROUNDS = 5;
const SYNTH_BAR_MS = 4000;
const READY_BAR_MS = 2000;

/** How long a person waits for the cloud: the synthesis of all stacks, and the start until everything answers. */
export const benchStart = async (dir: string): Promise<Row[]> => {
  const synths: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    synths.push(await withTempDir((outdir) => timed(() => synthesize(outdir))));
  }
  const assembly = await imageAssembly(dir);
  const starts: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    starts.push(await withTempDir((data) => start(assembly, data)));

  const [synthMs, readyMs] = [median(synths), median(starts)];
  return [
    {
      what: 'synth of all stacks',
      measured: ms(synthMs),
      against: '',
      bar: `<= ${ms(SYNTH_BAR_MS)}`,
      held: synthMs <= SYNTH_BAR_MS,
    },
    {
      what: 'ready after synth, with the start of the process',
      measured: ms(readyMs),
      against: '',
      bar: `<= ${ms(READY_BAR_MS)}`,
      held: readyMs <= READY_BAR_MS,
    },
  ];
};

/** @returns ms from the start of the process of `npm start` until it says that it is ready. */
const start = async (assembly: string, data: string): Promise<number> => {
  const script = join(import.meta.dirname, '..', 'bin', 'start.ts');
  const options = ['--port', '0', '--data', data, '--assembly', assembly];
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  try {
    await saysReady(child);
    return performance.now() - startedAt;
  } finally {
    child.kill();
    await exited;
  }
};

const saysReady = async (child: ChildProcessByStdio<null, Readable, null>): Promise<void> => {
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('Ready.')) return;
  }
  throw new Error('npm start ended before it was ready');
};
