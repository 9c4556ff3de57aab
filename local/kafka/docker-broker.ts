import { randomUUID } from 'node:crypto';
import { UserError } from '../errors.ts';
import type { Broker } from './broker.ts';
import { whenThisProcessEnds } from './guard.ts';
import { KAFKA_VERSION } from './jars.ts';
import { freePorts } from './ports.ts';
import { answering } from './readiness.ts';
import { type Ran, run } from './run.ts';
import { serverProperties } from './server-properties.ts';

const IMAGE = `apache/kafka-native:${KAFKA_VERSION}`;
const START_MS = 120_000;
const LISTEN_PORT = 9092;
const CONTROLLER_PORT = 9093;

/** What is used of this machine. */
export interface DockerTools {
  readonly run: (program: string, args: readonly string[]) => Promise<Ran>;
  readonly answering: (bootstrapServers: string, withinMs: number) => Promise<boolean>;
  readonly freePorts: (count: number) => Promise<number[]>;
  readonly whenThisProcessEnds: (command: string) => { kill(signal: 'SIGKILL'): unknown };
}

const ofThisMachine: DockerTools = { run, answering, freePorts, whenThisProcessEnds };

/**
 * Whether Docker can be used: there may be no program, or (`silent`) a program whose daemon does not answer, which runs
 * nothing.
 */
export const docker = async ({ run }: Pick<DockerTools, 'run'> = ofThisMachine): Promise<DockerState> => {
  const { code } = await run('docker', ['info', '--format', '{{.ServerVersion}}']);
  if (code === undefined) return 'absent';
  return code === 0 ? 'ready' : 'silent';
};

export type DockerState = 'absent' | 'silent' | 'ready';

/** `a.b.c=1` is set in the image by `KAFKA_A_B_C=1` (Apache Kafka documentation, "Docker"). */
const environment = (port: number): string[] =>
  serverProperties({ port: LISTEN_PORT, controllerPort: CONTROLLER_PORT, logDirectory: '/tmp/kraft' })
    .trim()
    .split('\n')
    .map((line) => line.split('='))
    .flatMap(([key = '', value = '']) => {
      const name = `KAFKA_${key.toUpperCase().replaceAll('.', '_')}`;
      const inside = value.replace('PLAINTEXT://127.0.0.1:9092', 'PLAINTEXT://0.0.0.0:9092');
      return ['-e', `${name}=${key === 'advertised.listeners' ? `PLAINTEXT://127.0.0.1:${port}` : inside}`];
    });

/**
 * Apache Kafka in a container whose only way in is a port of 127.0.0.1. What it keeps goes with it.
 * @throws {UserError} with what Docker or the broker said, when it does not run
 */
export const startDockerBroker = async (tools: DockerTools = ofThisMachine): Promise<Broker> => {
  const { run, answering, freePorts, whenThisProcessEnds } = tools;
  const [port = 0] = await freePorts(1);
  const name = `serverless-ipc-kafka-${randomUUID().slice(0, 8)}`;
  const publish = ['-p', `127.0.0.1:${port}:${LISTEN_PORT}`];
  const guard = whenThisProcessEnds(`docker rm -f ${name}`);
  const bootstrapServers = `127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    await run('docker', ['rm', '-f', name]);
    guard.kill('SIGKILL');
  };
  const answers = async (complaint: string): Promise<void> => {
    if (await answering(bootstrapServers, START_MS)) return;
    const { output } = await run('docker', ['logs', '--tail', '20', name]);
    throw new UserError(`${complaint}:\n${lastOf(output)}`);
  };
  try {
    const start = ['run', '-d', '--name', name, ...publish, ...environment(port), IMAGE];
    const { code, output } = await run('docker', start);
    if (code !== 0) throw new UserError(`Docker could not run ${IMAGE}:\n${lastOf(output)}`);
    await answers(`${IMAGE} does not answer in Docker`);
  } catch (error) {
    await stop();
    throw error;
  }
  const kill = async (): Promise<void> => {
    await run('docker', ['kill', '--signal', 'KILL', name]);
  };
  const restart = async (): Promise<void> => {
    await run('docker', ['start', name]);
    await answers(`${name} does not come back`);
  };
  return { bootstrapServers, origin: `${IMAGE} in Docker`, stop, outage: { kill, restart } };
};

const lastOf = (output: string): string => output.trim().slice(-1000);
