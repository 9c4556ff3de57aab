import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';

/** The emulators of the npm registry that the local cloud is measured beside. Nothing but the bench uses them. */
const versions = { fauxqs: '2.4.1', kinesalite: '3.3.3', 'kinesis-local': '0.6.2' } as const;
export type PeerName = keyof typeof versions;

interface Launch {
  readonly script: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const launch = (name: PeerName, port: number): Launch => {
  switch (name) {
    case 'fauxqs':
      return {
        script: 'dist/cli.js',
        args: [],
        env: { FAUXQS_PORT: String(port), FAUXQS_LOGGER: 'false', FAUXQS_HOST: '127.0.0.1' },
      };
    case 'kinesalite':
      return { script: 'cli.js', args: ['--port', String(port), '--shardLimit', '1000'], env: {} };
    case 'kinesis-local':
      return {
        script: 'main.js',
        args: [],
        // It insists on a second port, for TLS.
        env: {
          KINESIS_MOCK_PLAIN_PORT: String(port),
          KINESIS_MOCK_TLS_PORT: String(port === 65_535 ? port - 1 : port + 1),
          SHARD_LIMIT: '1000',
          LOG_LEVEL: 'ERROR',
        },
      };
  }
};

export interface Server {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Installs the peers where they are not yet, apart from the project's own dependencies. */
export const installPeers = async (dir = resolve('.cache', 'bench-peers')): Promise<string> => {
  const wanted = Object.entries(versions);
  const installed = await Promise.all(wanted.map(([name]) => installedVersion(dir, name)));
  if (wanted.some(([, version], index) => installed[index] !== version)) {
    await mkdir(dir, { recursive: true });
    const packages = wanted.map(([name, version]) => `${name}@${version}`);
    const options = ['--prefix', dir, '--save-exact', '--no-audit', '--no-fund'];
    await promisify(execFile)('npm', ['install', ...options, ...packages]);
  }
  return dir;
};

const installedVersion = async (dir: string, name: string): Promise<string | undefined> => {
  try {
    const text = await readFile(join(dir, 'node_modules', name, 'package.json'), 'utf8');
    return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
  } catch {
    return undefined;
  }
};

/** Starts a peer in a process of its own, with everything in memory. */
export const startPeer = async (dir: string, name: PeerName): Promise<Server> => {
  const port = await freePort();
  const { script, args, env } = launch(name, port);
  const cwd = join(dir, 'node_modules', name);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
    cwd,
    env: { ...process.env, ...env },
    // One of them complains of a busy machine all the time.
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  const close = async (): Promise<void> => {
    child.kill();
    await exited;
  };
  try {
    await Promise.race([
      answers(endpoint),
      exited.then(([code]) => Promise.reject(new Error(`${name} ended at its start: ${code}`))),
    ]);
    return { endpoint, close };
  } catch (error) {
    await close();
    throw error;
  }
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
};

const PATIENCE_MS = 30_000;

const answers = async (endpoint: string): Promise<void> => {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await (await fetch(endpoint)).arrayBuffer();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(50);
    }
  }
};
