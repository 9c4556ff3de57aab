import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';

/** jest's global teardown: `before-all.ts` has made the directory. */
export default async (): Promise<void> => {
  await rm(tmpdir(), { recursive: true, force: true });
};
