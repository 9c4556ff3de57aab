import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { App } from '../../scenarios/app/app.ts';
import { OutputsFile } from '../../scenarios/app/outputs.ts';
import { ASSEMBLY } from './local-app.ts';

const start = resolve(import.meta.dirname, '../../bin/start.ts');

const clouds = new Set<ChildProcess>();

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
};

const spawnCloud = (dataDir: string, port: number, assembly: string) => {
  const options = ['--port', String(port), '--data', dataDir, '--assembly', assembly];
  const cloud = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', start, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  clouds.add(cloud);
  return cloud;
};

/** The local cloud as its user starts it: a process that can be killed. */
export const startCloud = async (
  dataDir: string,
  port: number,
  assembly: string = ASSEMBLY,
): Promise<ChildProcess> => {
  const cloud = spawnCloud(dataDir, port, assembly);
  await new Promise<void>((ready, fail) => {
    cloud.stdout.on('data', (text) => String(text).includes('Ready.') && ready());
    cloud.once('exit', (code) => fail(new Error(`the local cloud ended with ${code} before it was ready`)));
  });
  return cloud;
};

/** A cloud that does not live long: it is SIGKILLed so many milliseconds after its process has begun. */
export const killWhileStarting = async (
  dataDir: string,
  port: number,
  assembly: string,
  afterMs: number,
): Promise<void> => {
  const cloud = spawnCloud(dataDir, port, assembly);
  await pause(afterMs);
  await stop(cloud, 'SIGKILL');
};

export const stop = async (cloud: ChildProcess, signal: 'SIGKILL' | 'SIGINT'): Promise<void> => {
  const exited = once(cloud, 'exit');
  cloud.kill(signal);
  await exited;
  clouds.delete(cloud);
};

/** For `afterEach`: what a failed test has left running. */
export const killClouds = async (): Promise<void> => {
  for (const cloud of clouds) await stop(cloud, 'SIGKILL');
};

/** What a cloud that has come up has deployed. */
export const deployedOutputs = async (dataDir: string): Promise<OutputsFile> =>
  OutputsFile.parse(JSON.parse(await readFile(join(dataDir, 'outputs.json'), 'utf8')));

/** The app of a cloud that has come up. */
export const connect = async (dataDir: string, port: number): Promise<App> =>
  new App({
    name: 'local',
    endpoint: `http://127.0.0.1:${port}`,
    outputs: await deployedOutputs(dataDir),
  });
