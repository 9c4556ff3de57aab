import { spawn } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { outputsFile, startCloudProcess } from './cloud-process.ts';
import { resourcesOf } from './resources.ts';
import type { CloudTarget } from './target.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** A local cloud in a process of its own, which can be killed and comes back on the same data. */
export interface OwnCloud extends CloudTarget {
  stop(): Promise<void>;
}

/**
 * @param directory where its templates and its data lie
 * @param say is told when it ends without being asked to
 * @throws Error with what it said, when it does not come up
 */
export const startLocalTarget = async (directory: string, say: (line: string) => void): Promise<OwnCloud> => {
  const assembly = join(directory, 'cdk.out');
  await mkdir(directory, { recursive: true });
  await synthesize(assembly);

  let cloud = await startCloudProcess({ directory, assembly, port: 0, say });
  const outputs: unknown = JSON.parse(await readFile(outputsFile(directory), 'utf8'));
  const resources = resourcesOf(outputs);
  const endpoint = new URL(resources.queueUrl).origin;
  const port = Number(new URL(endpoint).port);
  return {
    name: 'local',
    endpoint,
    version: `the local cloud ${await packageVersion()} on this machine`,
    resources,
    outage: {
      kill: () => cloud.end('SIGKILL'),
      restart: async () => {
        cloud = await startCloudProcess({ directory, assembly, port, say });
      },
    },
    stop: () => cloud.end('SIGTERM'),
  };
};

/** @throws Error with what the CDK says against it */
const synthesize = async (assembly: string): Promise<void> => {
  const app = spawn(process.execPath, [join(ROOT, 'bin/lab-app.ts')], {
    env: { ...process.env, CDK_OUTDIR: assembly },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise((done, fail) => app.once('exit', done).once('error', fail));
  const [complaint, code] = await Promise.all([text(app.stderr), exited]);
  if (code !== 0) throw new Error(`The stack of the lab could not be synthesized:\n${complaint.trim()}`);
};

const packageVersion = async (): Promise<string> => {
  const file = join(ROOT, 'package.json');
  return z.object({ version: z.string() }).parse(JSON.parse(await readFile(file, 'utf8'))).version;
};
