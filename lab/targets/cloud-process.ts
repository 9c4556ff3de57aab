import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const START = resolve(import.meta.dirname, '../../bin/start.ts');
const READY_WITHIN_MS = 60_000;
const LAST_LINES = 10;
/** However the lab ends, nobody holds the other end of the channel any more. */
const ENDS_WITH_THE_LAB = [
  '--disable-warning=ExperimentalWarning',
  '--import',
  'data:text/javascript,process.on("disconnect",()=>process.kill(process.pid,"SIGTERM"));process.channel.unref()',
];

export interface CloudOptions {
  /** Its data and what it says lie here. */
  readonly directory: string;
  readonly assembly: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Is told when it ends without being asked to. */
  readonly say: (line: string) => void;
}

/** A local cloud in a process of its own. */
export interface CloudProcess {
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Where a cloud that is ready has its outputs. */
export const outputsFile = (directory: string): string => join(directory, 'data', 'outputs.json');

/**
 * Starts a cloud; resolves when it is ready.
 * @throws Error with the last lines that it said, when it does not come up
 */
export const startCloudProcess = async ({
  directory,
  assembly,
  port,
  say,
}: CloudOptions): Promise<CloudProcess> => {
  await rm(outputsFile(directory), { force: true });
  const log = join(directory, 'cloud.log');
  const said = await open(log, 'w');
  const options = ['--port', String(port), '--data', join(directory, 'data'), '--assembly', assembly];
  // In a process group of its own: Ctrl-C is for the lab, which ends it when nobody uses it any more.
  const child = spawn(process.execPath, [...ENDS_WITH_THE_LAB, START, ...options], {
    stdio: ['ignore', said.fd, said.fd, 'ipc'],
    detached: true,
  });
  await said.close();
  if (!(await isReady(child, directory))) {
    await end(child, 'SIGKILL');
    throw new Error(`the local cloud of the lab did not come up; it said last:\n${await lastLines(log)}`);
  }
  const missed = async (code: number | null, signal: string | null): Promise<void> => {
    // Whoever was killed had no time to say why.
    const last = code === null ? '' : `; it said last:\n${await lastLines(log)}`;
    say(`the local cloud of the lab has ended by itself (${signal ?? `code ${code}`})${last}`);
  };
  child.once('exit', missed);
  return {
    end: async (signal) => {
      child.off('exit', missed);
      await end(child, signal);
    },
  };
};

/** It is when its outputs file is there. */
const isReady = async (child: ChildProcess, directory: string): Promise<boolean> => {
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline && isRunning(child); ) {
    const ready = await readFile(outputsFile(directory)).catch(() => undefined);
    if (ready) return true;
    await pause(20);
  }
  return false;
};

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode === null && signalCode === null;

const end = async (child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
  if (!isRunning(child)) return;
  const exited = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await exited;
};

const lastLines = async (file: string): Promise<string> => {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n').slice(-LAST_LINES);
  return lines.map((line) => `  ${line}`).join('\n');
};
