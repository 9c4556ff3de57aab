import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { resourcesOf } from './resources.ts';
import type { CloudTarget } from './target.ts';

const BIN = resolve(import.meta.dirname, '../../bin');
const READY_WITHIN_MS = 60_000;
/** However the lab ends, nobody holds the other end of the channel any more. */
const ENDS_WITH_THE_LAB = [
  '--disable-warning=ExperimentalWarning',
  '--import',
  'data:text/javascript,process.on("disconnect",()=>process.kill(process.pid,"SIGTERM"));process.channel.unref()',
];

/** A local cloud in a process of its own, which can be killed and comes back on the same data. */
export interface OwnCloud extends CloudTarget {
  stop(): Promise<void>;
}

/** @param directory where its templates and its data lie */
export const startLocalTarget = async (directory: string): Promise<OwnCloud> => {
  const assembly = join(directory, 'cdk.out');
  await mkdir(directory, { recursive: true });
  await synthesize(assembly);

  let child = await start(directory, assembly, 0);
  const outputs: unknown = JSON.parse(await readFile(outputsFile(directory), 'utf8'));
  const resources = resourcesOf(outputs);
  const endpoint = new URL(resources.queueUrl).origin;
  return {
    name: 'local',
    endpoint,
    version: `the local cloud ${await packageVersion()} on this machine`,
    resources,
    outage: {
      kill: () => end(child, 'SIGKILL'),
      restart: async () => {
        child = await start(directory, assembly, Number(new URL(endpoint).port));
      },
    },
    stop: () => end(child, 'SIGTERM'),
  };
};

const outputsFile = (directory: string): string => join(directory, 'data', 'outputs.json');

/** It is ready when its outputs file is there. */
const start = async (directory: string, assembly: string, port: number): Promise<ChildProcess> => {
  await rm(outputsFile(directory), { force: true });
  const child = spawn(
    process.execPath,
    [
      ...ENDS_WITH_THE_LAB,
      join(BIN, 'start.ts'),
      '--port',
      String(port),
      '--data',
      join(directory, 'data'),
      '--assembly',
      assembly,
    ],
    // In a process group of its own: Ctrl-C is for the lab, which ends it when nobody uses it any more.
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], detached: true },
  );
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline && child.exitCode === null; ) {
    const ready = await readFile(outputsFile(directory)).catch(() => undefined);
    if (ready) return child;
    await pause(20);
  }
  await end(child, 'SIGKILL');
  throw new Error('The local cloud of the lab did not come up');
};

const end = async (child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await exited;
};

/** @throws Error with what the CDK says against it */
const synthesize = async (assembly: string): Promise<void> => {
  const app = spawn(process.execPath, [join(BIN, 'lab-app.ts')], {
    env: { ...process.env, CDK_OUTDIR: assembly },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise((done, fail) => app.once('exit', done).once('error', fail));
  const [complaint, code] = await Promise.all([text(app.stderr), exited]);
  if (code !== 0) throw new Error(`The stack of the lab could not be synthesized:\n${complaint.trim()}`);
};

const packageVersion = async (): Promise<string> => {
  const file = resolve(import.meta.dirname, '../../package.json');
  return z.object({ version: z.string() }).parse(JSON.parse(await readFile(file, 'utf8'))).version;
};
