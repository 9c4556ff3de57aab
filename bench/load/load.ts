import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { median } from '../measure.ts';
import type { Server } from '../peers.ts';

/** A process of this directory, which ends when it is let go. */
export interface Forked {
  /** What it said when it was ready. */
  readonly ready: unknown;
  /** Says something, and waits for the answer. */
  ask(question: number): Promise<unknown>;
  close(): Promise<void>;
}

/** @param script a file of this directory that sends one message when it is ready, and ends when it is disconnected */
export const forkScript = async (script: string, ...args: readonly string[]): Promise<Forked> => {
  const child = fork(join(import.meta.dirname, script), args, {
    execArgv: ['--disable-warning=ExperimentalWarning', '--expose-gc'],
  });
  const exited = once(child, 'exit');
  const failed = exited.then(([code]) => Promise.reject(new Error(`${script} ended: ${code}`)));
  failed.catch(() => undefined);
  return {
    ready: await Promise.race([answerOf(child), failed]),
    ask: (question) => {
      const answer = answerOf(child);
      child.send(question);
      return Promise.race([answer, failed]);
    },
    close: async () => {
      child.disconnect();
      await exited;
    },
  };
};

const answerOf = async (child: ChildProcess): Promise<unknown> => {
  const [answer]: unknown[] = await once(child, 'message');
  return answer;
};

/** Starts the local cloud in a process of its own, as everybody else is. */
export const startCloudProcess = (dataDir: string): Promise<Server> =>
  startServer('cloud-process.ts', dataDir);

/** @param script a file of this directory whose first message is its endpoint */
export const startServer = async (script: string, ...args: readonly string[]): Promise<Server> => {
  const { ready, close } = await forkScript(script, ...args);
  return { endpoint: z.url().parse(ready), close };
};

/**
 * Runs loads in turn, A B C A B C ..., so that the machine's moods hit all alike.
 * @param loads processes that call `serveLoad`
 * @returns the median of each one's slices, per second.
 */
export const inTurn = async (
  loads: readonly Forked[],
  { slices, sliceMs, warmUp }: { readonly slices: number; readonly sliceMs: number; readonly warmUp: number },
): Promise<number[]> => {
  const rates: number[][] = loads.map(() => []);
  for (let slice = -warmUp; slice < slices; slice += 1) {
    for (const [index, load] of loads.entries()) {
      const rate = z.number().parse(await load.ask(sliceMs));
      if (slice >= 0) rates[index]?.push(rate);
    }
  }
  return rates.map(median);
};
