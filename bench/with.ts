import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boot, type LocalApp } from '../bin/boot.ts';

/** Lends a directory that is gone afterwards, however `use` ends. */
export const withTempDir = async <T>(use: (dir: string) => Promise<T>): Promise<T> => {
  const dir = await mkdtemp(join(tmpdir(), 'serverless-ipc-bench-'));
  try {
    return await use(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};

/** Lends a fresh local cloud with an app deployed into it; without an assembly it is the example app. */
export const withCloud = <T>(assembly: string, use: (app: LocalApp) => Promise<T>): Promise<T> =>
  withTempDir(async (dataDir) => {
    const app = await boot({ port: 0, dataDir, assembly });
    try {
      return await use(app);
    } finally {
      await app.running.close();
    }
  });
