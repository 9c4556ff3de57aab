import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { synthesize } from '../bin/boot.ts';

/** The example app's cloud assembly, synthesized once for all benches that need it. */
export const imageAssembly = async (dir: string): Promise<string> => {
  const outdir = join(dir, 'image');
  if (!existsSync(join(outdir, 'manifest.json'))) await synthesize(outdir);
  return outdir;
};

/** The cloud assembly of the echo app, synthesized once for all benches that need it. */
export const echoAssembly = async (dir: string): Promise<string> => {
  const outdir = join(dir, 'echo');
  if (!existsSync(join(outdir, 'manifest.json'))) {
    await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'echo-app.ts')], {
      env: { ...process.env, CDK_OUTDIR: outdir },
    });
  }
  return outdir;
};
