import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Runs a command of the shell when this process ends, however it ends: then nobody holds the other end of the pipe any
 * more. Whoever has done it already kills the guard.
 */
export const whenThisProcessEnds = (command: string): ChildProcess =>
  spawn('sh', ['-c', `cat > /dev/null; ${command}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
