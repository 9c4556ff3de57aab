import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { synthesize } from '../../bin/boot.ts';

/** Where the assembly of the local target lies for every test of this run. */
export const ASSEMBLY = resolve(import.meta.dirname, '../../.cache/test-assembly');

/** jest's global setup: the app is synthesized once, not once a test file. */
export default async (): Promise<void> => {
  await mkdir(join(ASSEMBLY, '..'), { recursive: true });
  await synthesize(ASSEMBLY);
};
