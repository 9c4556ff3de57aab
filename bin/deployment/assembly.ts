import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives `use` a directory for an assembly of its own, and removes it afterwards: another command may synthesize another
 * stage into cdk.out while a question waits for its answer. Ctrl-C is left to the toolkit, which says what to do then.
 */
export const withAssembly = async <T>(use: (assembly: string) => Promise<T>): Promise<T> => {
  const assembly = await mkdtemp(join(tmpdir(), 'serverless-ipc-assembly-'));
  try {
    return await use(assembly);
  } finally {
    await rm(assembly, { recursive: true, force: true });
  }
};
