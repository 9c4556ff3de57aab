import { randomUUID } from 'node:crypto';
import { UserError } from '../errors.ts';
import type { Broker } from './broker.ts';
import { whenThisProcessEnds } from './guard.ts';
import { KAFKA_VERSION } from './jars.ts';
import { freePorts } from './ports.ts';
import { answering } from './readiness.ts';
import { run } from './run.ts';
import { serverProperties } from './server-properties.ts';

const IMAGE = `apache/kafka-native:${KAFKA_VERSION}`;
const START_MS = 120_000;
const LISTEN_PORT = 9092;
const CONTROLLER_PORT = 9093;

/** Whether a Docker daemon answers: the program alone runs nothing. */
export const dockerAnswers = async (): Promise<boolean> =>
  (await run('docker', ['info', '--format', '{{.ServerVersion}}'])).code === 0;

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

/** Apache Kafka in a container whose only way in is a port of 127.0.0.1. What it keeps goes with it. */
export const startDockerBroker = async (): Promise<Broker> => {
  const [port = 0] = await freePorts(1);
  const name = `serverless-ipc-kafka-${randomUUID().slice(0, 8)}`;
  const publish = ['-p', `127.0.0.1:${port}:${LISTEN_PORT}`];
  const start = ['run', '-d', '--name', name, ...publish, ...environment(port), IMAGE];
  const guard = whenThisProcessEnds(`docker rm -f ${name}`);
  const { code, output } = await run('docker', start);
  const bootstrapServers = `127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    await run('docker', ['rm', '-f', name]);
    guard.kill('SIGKILL');
  };
  if (code !== 0 || !(await answering(bootstrapServers, START_MS))) {
    await stop();
    throw new UserError(`Docker could not run ${IMAGE}:\n${output.trim().slice(-1000)}`);
  }
  const kill = async (): Promise<void> => {
    await run('docker', ['kill', '--signal', 'KILL', name]);
  };
  const restart = async (): Promise<void> => {
    await run('docker', ['start', name]);
    if (!(await answering(bootstrapServers, START_MS))) throw new UserError(`${name} does not come back`);
  };
  return { bootstrapServers, origin: `${IMAGE} in Docker`, stop, outage: { kill, restart } };
};
