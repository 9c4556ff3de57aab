import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const directory = resolve(import.meta.dirname, '../fixtures/foreign-app');

/** Writes the cloud assembly of an app in another style. */
export const synthesizeForeignApp = async (outdir: string): Promise<void> => {
  await promisify(execFile)(process.execPath, ['app.js'], {
    cwd: directory,
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' },
  });
};
