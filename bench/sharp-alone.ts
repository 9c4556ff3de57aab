import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The least that an image can cost on this machine: sharp in a process that does nothing else, and keeps it warm. */
export const startSharp = async (file: string): Promise<{ transform(): Promise<void>; close(): void }> => {
  const worker = fork(join(import.meta.dirname, 'sharp-worker.ts'), [file], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  await once(worker, 'message');
  return {
    transform: async () => {
      const done = once(worker, 'message');
      worker.send('transform');
      await done;
    },
    close: () => {
      worker.kill();
    },
  };
};
