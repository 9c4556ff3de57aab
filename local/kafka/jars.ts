import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { UserError } from '../errors.ts';
import { run } from './run.ts';

export const KAFKA_VERSION = '4.3.1';

const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';

/** A registry may be briefly away: after these pauses it is asked again. */
const PAUSES_MS = [5_000, 15_000];

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** The jars by name, with their SHA-256, as committed beside this file. */
const expected = async (): Promise<ReadonlyMap<string, string>> => {
  const manifest = await readFile(join(import.meta.dirname, 'jars.sha256'), 'utf8');
  return new Map(lines(manifest).map((line) => [line.slice(66), line.slice(0, 64)]));
};

/** `$XDG_CACHE_HOME/serverless-ipc`, or the same under `~/.cache`. */
const cacheDirectory = (): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'serverless-ipc');

/**
 * The directory with the broker's jars: resolved once by Maven into a cache, and held against the committed checksums.
 * @throws {UserError} when they cannot be had, or are not what was committed
 */
export const brokerJars = async (say: (line: string) => void): Promise<string> => {
  const home = join(cacheDirectory(), `kafka-${KAFKA_VERSION}`);
  if (!existsSync(home)) {
    say(`Apache Kafka ${KAFKA_VERSION}: fetched once with Maven into ${home}`);
    await resolveInto(home);
  }
  const wrong = await mismatches(home);
  if (wrong.length === 0) return home;
  await rm(home, { recursive: true, force: true });
  throw new UserError(
    `Apache Kafka: ${wrong.join(', ')} differ from local/kafka/jars.sha256; the copy in ${home} was deleted, the next start fetches it again`,
  );
};

const mismatches = async (directory: string): Promise<string[]> => {
  const found = await Promise.all(
    [...(await expected())].map(async ([jar, sha256]) => {
      const content = await readFile(join(directory, jar)).catch(() => Buffer.of());
      return createHash('sha256').update(content).digest('hex') === sha256 ? [] : [jar];
    }),
  );
  return found.flat();
};

/** Nobody ever sees half of it: the directory gets its name when it is whole. */
const resolveInto = async (home: string): Promise<void> => {
  const draft = `${home}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  const pom = join(import.meta.dirname, 'pom.xml');
  const args = ['-B', '-q', '-f', pom, COPY, `-DoutputDirectory=${draft}`, '-DincludeScope=runtime'];
  for (const pause of [...PAUSES_MS, undefined]) {
    const { code, output } = await run('mvn', args);
    if (code === 0) break;
    if (pause === undefined) {
      await rm(draft, { recursive: true, force: true });
      throw new UserError(`Maven could not fetch ${basename(home)}:\n${output.trim().slice(-1500)}`);
    }
    await setTimeout(pause);
  }
  await rename(draft, home).catch(async (error: unknown) => {
    // Somebody else was faster.
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  });
};
