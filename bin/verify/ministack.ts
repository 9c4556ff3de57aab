import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { UserError } from '../../local/errors.ts';
import { freePorts } from '../../local/kafka/ports.ts';

/** An emulator that runs until it is stopped. */
export interface RunningEmulator {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const GRACE_MS = 3_000;

/**
 * Starts MiniStack on a free port of this machine, with a directory of its own for all that it writes.
 *
 * @param bin where its virtual environment has its programs
 * @param directory its log and its state
 * @throws {UserError} when it does not answer within a minute
 */
export const startMiniStack = async (bin: string, directory: string): Promise<RunningEmulator> => {
  const [port = 0] = await freePorts(1);
  // It runs functions from there with a CommonJS script: no package.json further up may say otherwise.
  await writeFile(join(directory, 'package.json'), '{"type":"commonjs"}');
  const log = join(directory, 'ministack.log');
  const output = openSync(log, 'w');
  // Its workers are its children: a group of its own is what can be ended as a whole.
  const child = spawn(join(bin, 'ministack'), [], {
    cwd: directory,
    detached: true,
    stdio: ['ignore', output, output],
    env: {
      ...process.env,
      PATH: [bin, process.env.PATH].join(delimiter),
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      TMPDIR: directory,
      S3_DATA_DIR: join(directory, 's3'),
      STATE_DIR: join(directory, 'state'),
      IOT_MTLS_ENABLED: '0',
    },
  });
  const endpoint = `http://127.0.0.1:${port}`;
  // Ctrl-C does not reach a group of its own: an interrupted command takes it along.
  const takeAlong = (): void => signalGroup(child, 'SIGKILL');
  process.once('exit', takeAlong);
  const stop = () => end(child).finally(() => process.off('exit', takeAlong));
  if (await answers(endpoint, child)) return { endpoint, stop };
  await stop();
  throw new UserError(`MiniStack did not come up within ${READY_WITHIN_MS / 1_000} seconds: see ${log}`);
};

const answers = async (endpoint: string, child: ChildProcess): Promise<boolean> => {
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline && child.exitCode === null; ) {
    const healthy = await fetch(`${endpoint}/_ministack/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return true;
    await new Promise((go) => setTimeout(go, 100));
  }
  return false;
};

/** It may not end on SIGTERM. */
const end = async (child: ChildProcess): Promise<void> => {
  if (child.pid === undefined) return;
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  signalGroup(child, 'SIGTERM');
  const killer = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
  if (child.exitCode === null && child.signalCode === null) await ended;
  clearTimeout(killer);
  signalGroup(child, 'SIGKILL');
};

const signalGroup = ({ pid }: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // The group is gone already.
  }
};
