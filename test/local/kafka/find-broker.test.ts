import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findBroker, majorVersion } from '../../../local/kafka/find-broker.ts';
import { KAFKA_VERSION } from '../../../local/kafka/jars.ts';
import type { Ran } from '../../../local/kafka/run.ts';
import { serverProperties } from '../../../local/kafka/server-properties.ts';

const beside = (file: string): Promise<string> =>
  readFile(join(import.meta.dirname, '../../../local/kafka', file), 'utf8');

test.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['java version "1.8.0_401"', 1],
  ['openjdk version "25" 2025-09-16', 25],
  ['command not found', 0],
])('%s is Java %d', (output, version) => {
  expect(majorVersion(output)).toBe(version);
});

test('the jars that are checked are those of the version that is asked for', async () => {
  const [pom, manifest] = await Promise.all([beside('pom.xml'), beside('jars.sha256')]);

  expect(pom).toContain(`<version>${KAFKA_VERSION}</version>`);
  expect(manifest).toContain(`  kafka_2.13-${KAFKA_VERSION}.jar\n`);
  for (const line of manifest.trim().split('\n')) expect(line).toMatch(/^[0-9a-f]{64} {2}\S+\.jar$/);
});

test('the broker listens on this machine only', () => {
  const properties = serverProperties({ port: 1, controllerPort: 2, logDirectory: '/log' });

  const listeners = properties.split('\n').find((line) => line.startsWith('listeners='));
  expect(listeners).toBe('listeners=PLAINTEXT://127.0.0.1:1,CONTROLLER://127.0.0.1:2');
});

test('its second way in is on this machine only, too, and takes nobody without TLS and a token', () => {
  const guarded = { port: 3, certificate: '/cert.pem', properties: { 'listener.name.guarded.x': 'y' } };

  const properties = serverProperties({ port: 1, controllerPort: 2, logDirectory: '/log', guarded });

  expect(properties.split('\n')).toEqual(
    expect.arrayContaining([
      'listeners=PLAINTEXT://127.0.0.1:1,CONTROLLER://127.0.0.1:2,GUARDED://127.0.0.1:3',
      'advertised.listeners=PLAINTEXT://127.0.0.1:1,GUARDED://127.0.0.1:3',
      'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,GUARDED:SASL_SSL',
      'listener.name.guarded.x=y',
    ]),
  );
});

/** Looks for a broker on a machine where these programs end like this, and no others are there. */
const lookingWith = async (programs: Readonly<Record<string, Ran>>) => {
  const said: string[] = [];
  const broker = await findBroker('no-data', (line) => said.push(line), {
    runs: async (program) => programs[program] ?? { code: undefined, output: '' },
  });
  return { broker, said };
};

const { KAFKA_BOOTSTRAP_SERVERS } = process.env;
beforeEach(() => {
  delete process.env.KAFKA_BOOTSTRAP_SERVERS;
});
afterEach(() => {
  if (KAFKA_BOOTSTRAP_SERVERS !== undefined) process.env.KAFKA_BOOTSTRAP_SERVERS = KAFKA_BOOTSTRAP_SERVERS;
});

const java = (version: string): Ran => ({ code: 0, output: `openjdk version "${version}"` });

test.each([
  ['nothing', {}],
  ['Java alone', { java: java('21.0.1') }],
  ['a Java that is too old', { java: java('11.0.2'), mvn: { code: 0, output: '' } }],
])('a machine with %s has no broker', async (_, programs) => {
  expect(await lookingWith(programs)).toEqual({ broker: undefined, said: [] });
});

test('a Docker whose daemon is not there is passed over, and that is said', async () => {
  const docker = { code: 1, output: 'Cannot connect to the Docker daemon' };

  expect(await lookingWith({ docker })).toEqual({
    broker: undefined,
    said: ['Docker is installed, but its daemon does not answer: Kafka cannot run in it.'],
  });
});
