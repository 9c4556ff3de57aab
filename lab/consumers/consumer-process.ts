import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { ConsumerOptions, RunningConsumer } from '../broker.ts';
import type { Received } from '../ledger.ts';
import { LabMessage } from '../message.ts';
import { Report, type Source } from './protocol.ts';

const MAIN = join(import.meta.dirname, 'main.ts');

export interface Watching {
  readonly onReceived: (one: Received) => void;
  /** How far the consumer has come in a shard: what another one starts from. */
  readonly onCheckpoint?: (shardId: string, sequenceNumber: string) => void;
  /** Messages of other runs, which still lay there, are not told. */
  readonly run: string;
}

/**
 * Starts a consumer in a process of its own; resolves when it reads.
 * @throws Error with what the consumer said, when it cannot
 */
export const startConsumer = async (
  source: Source,
  { consumer, group, workMs, holdFrom }: ConsumerOptions,
  { onReceived, onCheckpoint, run }: Watching,
): Promise<RunningConsumer> => {
  const order = JSON.stringify({ source, workMs, ...(holdFrom !== undefined && { holdFrom }) });
  const child = fork(MAIN, [order], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const ready = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`consumer ${consumer} ended with code ${code}`)));
    child.on('message', (raw) => {
      const report = Report.parse(raw);
      if (report.kind === 'ready') resolve();
      else if (report.kind === 'failed') reject(new Error(`consumer ${consumer}: ${report.reason}`));
      else if (report.kind === 'checkpoint') onCheckpoint?.(report.shardId, report.sequenceNumber);
      else {
        const message = LabMessage.safeParse(parsed(report.body));
        if (!message.success || message.data.run !== run) return;
        const { producer, key, seq, intendedAt } = message.data;
        const { at, redelivered } = report;
        onReceived({ producer, key, seq, intendedAt, group, consumer, at, redelivered });
      }
    });
  });
  await ready;
  return {
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

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};
