import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { majorVersion } from '../../../local/kafka/find-broker.ts';
import { KAFKA_VERSION } from '../../../local/kafka/jars.ts';
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
