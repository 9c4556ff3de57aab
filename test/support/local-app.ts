import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type BootOptions, boot, type LocalApp } from '../../bin/boot.ts';
import { App } from '../../scenarios/app/app.ts';
import { LocalControls } from '../../scenarios/app/target.ts';

/** The example's assembly for the local target, synthesized once for all tests of a run. */
export const ASSEMBLY = resolve(import.meta.dirname, '../../.cache/test-assembly');

export interface TestApp {
  readonly app: App;
  readonly local: LocalControls;
  readonly booted: LocalApp;
  close(): Promise<void>;
}

/** The example app on a private local cloud with a data directory of its own. */
export const startTestApp = async (options: Pick<BootOptions, 'faults'> = {}): Promise<TestApp> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'serverless-ipc-test-'));
  const booted = await boot({ port: 0, dataDir, assembly: ASSEMBLY, ...options });
  const app = new App({ name: 'local', outputs: booted.outputs, endpoint: booted.endpoint });
  return {
    app,
    local: new LocalControls(booted.endpoint),
    booted,
    close: async () => {
      app.close();
      await booted.running.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
