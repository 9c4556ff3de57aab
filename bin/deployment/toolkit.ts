import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { UserError } from '../../local/errors.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
/** The CDK's command line, of the version that the lockfile says. */
const CDK = resolve(ROOT, 'node_modules/aws-cdk/bin/cdk');

/** Where scenarios look for what was deployed. */
export const OUTPUTS = 'cdk.out/outputs.json';

/**
 * Runs a command of the toolkit.
 *
 * @param after what is to be known when it does not come to its end
 * @throws {UserError} of one line, when it fails or is interrupted
 */
export type Toolkit = (args: readonly string[], after: string) => Promise<void>;

/** The CDK's own command line, which speaks for itself. */
export const cdk: Toolkit = async (args, after) => {
  const child = spawn(process.execPath, [CDK, ...args], { cwd: ROOT, stdio: 'inherit' });
  // Ctrl-C reaches the child too: it ends, and what is to be said then is said here.
  let interrupted = false;
  const hold = (): void => {
    interrupted = true;
  };
  process.on('SIGINT', hold).on('SIGTERM', hold);
  try {
    const code = await new Promise<number | null>((done, fail) =>
      child.once('exit', done).once('error', fail),
    );
    if (interrupted) throw new UserError(`interrupted. ${after}`);
    if (code !== 0) throw new UserError(`cdk ${args[0]} failed. ${after}`);
  } finally {
    process.off('SIGINT', hold).off('SIGTERM', hold);
  }
};

export const contextArguments = (context: Readonly<Record<string, string>>): string[] =>
  Object.entries(context).flatMap(([key, value]) => ['--context', `${key}=${value}`]);
