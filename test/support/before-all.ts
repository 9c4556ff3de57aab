import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { synthesize } from '../../bin/boot.ts';
import { ASSEMBLY } from './local-app.ts';

/** jest's global setup. */
export default async (): Promise<void> => {
  // What a test or the CDK leaves there goes with the run (`after-all.ts`), and when it is ended early lies in one place.
  process.env.TMPDIR = await mkdtemp(join(tmpdir(), 'serverless-ipc-tests-'));
  // The app is synthesized once, not once a test file.
  await mkdir(dirname(ASSEMBLY), { recursive: true });
  await synthesize(ASSEMBLY);
};
