import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Ran {
  /** Undefined when the program is not there or could not be started. */
  readonly code: number | undefined;
  /** Both streams. */
  readonly output: string;
}

/** Runs a program to its end. A program that is not there is an answer, no error. */
export const run = async (program: string, args: readonly string[]): Promise<Ran> => {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | undefined>((settle) =>
    child.once('error', () => settle(undefined)).once('close', (code) => settle(code ?? undefined)),
  );
  const [code, out, complaint] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, output: `${out}${complaint}` };
};
