import { type ChildProcess, fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConsumerOptions, RunningConsumer } from '../broker.ts';
import type { FormatName } from '../formats/format.ts';
import type { Received } from '../ledger.ts';
import { reasonOf } from '../reason.ts';
import { within } from '../within.ts';
import { type Command, type Order, Report, type Source } from './protocol.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
/** Long enough for a busy machine, and for a group of Kafka to take a member in. */
const READY_MS = 60_000;
const STOP_MS = 10_000;

export interface ProcessOptions extends ConsumerOptions {
  readonly run: string;
  readonly format: FormatName;
  /** How long it may take to end after what it has in its hands, in ms. @default 10 s */
  readonly stopMs?: number;
}

export interface Watching {
  readonly onReceived: (one: Received) => void;
  /** How far the consumer has come in a shard: what another one starts from. */
  readonly onCheckpoint?: (shardId: string, sequenceNumber: string) => void;
}

/**
 * Starts a consumer in a process of its own; resolves when it reads.
 * @throws Error with what the consumer said, when it cannot, or that it said nothing in time
 */
export const startConsumer = async (
  source: Source,
  options: ProcessOptions,
  watching: Watching,
): Promise<RunningConsumer> => {
  const { run, format, workMs, holdFrom, waits = false, stopMs = STOP_MS } = options;
  const order: Order = { source, run, format, workMs, waits, ...(holdFrom !== undefined && { holdFrom }) };
  const child = fork(MAIN, [JSON.stringify(order)], {
    // Many are started, and each would compile the same again.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), ...process.env },
    // The second warning is of the Kafka client's timers.
    execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const command = (one: Command): void => {
    if (child.connected) child.send(one);
  };
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  const failure = watch(child, options, watching);
  try {
    await within(READY_MS, failure.ready);
  } catch (error) {
    await kill();
    throw new Error(`consumer ${options.consumer} is not ready: ${reasonOf(error)}`);
  }
  return {
    failure: failure.reason,
    begin: () => command('begin'),
    kill,
    stop: async () => {
      command('stop');
      try {
        await within(stopMs, exited);
        return undefined;
      } catch {
        await kill();
        return `consumer ${options.consumer} did not end within ${stopMs} ms and was killed: what it held may come again`;
      }
    },
  };
};

/** Passes on what the process tells; `reason` is why it can read no more. */
const watch = (
  child: ChildProcess,
  { consumer, group }: ProcessOptions,
  { onReceived, onCheckpoint }: Watching,
): { ready: Promise<void>; reason: () => string | undefined } => {
  let failed: string | undefined;
  const ready = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code) failed ??= `consumer ${consumer} ended with code ${code}`;
      reject(new Error(failed ?? 'it ended'));
    });
    child.on('message', (raw) => {
      const report = Report.parse(raw);
      if (report.kind === 'ready') resolve();
      else if (report.kind === 'checkpoint') onCheckpoint?.(report.shardId, report.sequenceNumber);
      else if (report.kind === 'failed') {
        failed = `consumer ${consumer}: ${report.reason}`;
        reject(new Error(failed));
      } else {
        const { kind: _, ...one } = report;
        onReceived({ ...one, group, consumer });
      }
    });
  });
  return { ready, reason: () => failed };
};
