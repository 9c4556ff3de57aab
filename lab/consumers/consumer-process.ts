import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { ConsumerOptions, RunningConsumer } from '../broker.ts';
import type { FormatName } from '../formats/format.ts';
import type { Received } from '../ledger.ts';
import { type Order, Report, type Source } from './protocol.ts';

const MAIN = join(import.meta.dirname, 'main.ts');

export interface ProcessOptions extends ConsumerOptions {
  readonly run: string;
  readonly format: FormatName;
}

export interface Watching {
  readonly onReceived: (one: Received) => void;
  /** How far the consumer has come in a shard: what another one starts from. */
  readonly onCheckpoint?: (shardId: string, sequenceNumber: string) => void;
}

/**
 * Starts a consumer in a process of its own; resolves when it reads.
 * @throws Error with what the consumer said, when it cannot
 */
export const startConsumer = async (
  source: Source,
  options: ProcessOptions,
  watching: Watching,
): Promise<RunningConsumer> => {
  const { run, format, workMs, holdFrom } = options;
  const order: Order = { source, run, format, workMs, ...(holdFrom !== undefined && { holdFrom }) };
  const child = fork(MAIN, [JSON.stringify(order)], {
    // The second warning is of the Kafka client's timers.
    execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const failure = watch(child, options, watching);
  await failure.ready;
  return {
    failure: failure.reason,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      if (child.connected) child.send('stop');
      await exited;
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
      reject(new Error(failed ?? `consumer ${consumer} ended before it was ready`));
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
