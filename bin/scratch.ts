import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives `use` a directory of its own, and removes it afterwards: also when the command is interrupted. */
export const withScratchDirectory = async <T>(use: (directory: string) => Promise<T>): Promise<T> => {
  const directory = await mkdtemp(join(tmpdir(), 'serverless-ipc-'));
  const leave = (signal: 'SIGINT' | 'SIGTERM'): void => {
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
    process.exit(128 + constants.signals[signal]);
  };
  process.once('SIGINT', leave).once('SIGTERM', leave);
  try {
    return await use(directory);
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    await rm(directory, { recursive: true, force: true });
  }
};
