import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { synthesize } from '../../bin/boot.ts';
import { ASSEMBLY } from './local-app.ts';

/** jest's global setup: the app is synthesized once, not once a test file. */
export default async (): Promise<void> => {
  await mkdir(dirname(ASSEMBLY), { recursive: true });
  await synthesize(ASSEMBLY);
};
