import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { Broker } from './broker.ts';
import { docker, startDockerBroker } from './docker-broker.ts';
import { brokerJars } from './jars.ts';
import { JavaBroker } from './java-broker.ts';
import { answering } from './readiness.ts';
import { run } from './run.ts';

const OLDEST_JAVA = 17;
const ANSWER_MS = 10_000;

export const HOW_TO_GET_ONE =
  'No Kafka broker: set KAFKA_BOOTSTRAP_SERVERS, or start Docker, or install Java 17 or later and Maven.';

/** `openjdk version "17.0.15"`: the number before the first dot. */
export const majorVersion = (javaVersionOutput: string): number =>
  Number(/version "(\d+)/.exec(javaVersionOutput)?.[1] ?? 0);

const hasJavaAndMaven = async (runs: typeof run): Promise<boolean> => {
  const [java, maven] = await Promise.all([runs('java', ['-version']), runs('mvn', ['-v'])]);
  return java.code === 0 && majorVersion(java.output) >= OLDEST_JAVA && maven.code === 0;
};

const existing = async (bootstrapServers: string): Promise<Broker> => {
  if (!(await answering(bootstrapServers, ANSWER_MS)))
    throw new UserError(`KAFKA_BOOTSTRAP_SERVERS=${bootstrapServers}: no broker answers there`);
  return { bootstrapServers, origin: 'the broker of KAFKA_BOOTSTRAP_SERVERS', stop: async () => undefined };
};

/**
 * A broker, from the first of these that there is: `KAFKA_BOOTSTRAP_SERVERS`, Docker, Java and Maven.
 *
 * @param dataDir where a broker that is started here keeps its log: it is there again at the next start
 * @param say is told what is fetched, and why Docker is passed over where it is installed
 * @param options `guarded`: with a second way in, for those who bring a token; only Java's broker can have one, and so
 *   comes before Docker's. `runs`: how a program of this machine is run, to see which there are
 * @returns undefined when there is none of them
 * @throws {UserError} when there is one, and it does not work
 */
export const findBroker = async (
  dataDir: string,
  say: (line: string) => void,
  { runs = run, ...options }: { readonly guarded?: boolean; readonly runs?: typeof run } = {},
): Promise<Broker | undefined> => {
  const configured = process.env.KAFKA_BOOTSTRAP_SERVERS;
  if (configured) return existing(configured);
  const onJava = async () => JavaBroker.start(await brokerJars(say), join(dataDir, 'kafka'), say, options);
  if (options.guarded && (await hasJavaAndMaven(runs))) return onJava();
  const found = await docker({ run: runs });
  if (found === 'ready') return startDockerBroker();
  if (found === 'silent') say('Docker is installed, but its daemon does not answer: Kafka cannot run in it.');
  return !options.guarded && (await hasJavaAndMaven(runs)) ? onJava() : undefined;
};
