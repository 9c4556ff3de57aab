import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from './errors.ts';

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is one, and it is somebody else's.
    return codeOf(error) === 'EPERM';
  }
};

/** Directories that this very process has taken: its own id in a lock file says nothing about them. */
const held = new Set<string>();

const isTaken = (file: string): boolean => {
  if (held.has(file)) return true;
  const pid = Number(readFileSync(file, 'utf8'));
  return Number.isInteger(pid) && pid > 0 && pid !== process.pid && isRunning(pid);
};

/**
 * Makes sure that only one cloud works on a data directory. The lock of a process that was killed is taken over.
 * @returns the function that gives the directory free again.
 * @throws {UserError} when another cloud works on it.
 */
export const lockDataDir = (dataDir: string): (() => void) => {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'lock');
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      held.add(file);
      return () => {
        held.delete(file);
        rmSync(file, { force: true });
      };
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      if (isTaken(file))
        throw new UserError(
          `another local cloud is running on ${dataDir}: end it, or choose another with --data DIR`,
        );
      rmSync(file, { force: true });
    }
  }
};
