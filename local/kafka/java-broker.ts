import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { lockDataDir } from '../data-lock.ts';
import { UserError } from '../errors.ts';
import type { Broker } from './broker.ts';
import { whenThisProcessEnds } from './guard.ts';
import { type GuardedListener, guardedListener } from './guarded-listener.ts';
import { KAFKA_VERSION } from './jars.ts';
import { freePorts } from './ports.ts';
import { answering } from './readiness.ts';
import { run } from './run.ts';
import { serverProperties } from './server-properties.ts';

const HEAP = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
const START_MS = 60_000;
const STOP_MS = 20_000;

/** A UUID as Kafka writes it: 16 bytes in base64url; one that begins with a dash would read as an option. */
const clusterId = (): string => `K${randomBytes(16).toString('base64url').slice(1, 21)}A`;

interface Surroundings {
  readonly directory: string;
  readonly port: number;
  readonly guarded: GuardedListener | undefined;
  readonly unlock: () => void;
  readonly say: (line: string) => void;
}

/**
 * Apache Kafka as a child process, one node, on free ports of 127.0.0.1. What it keeps is under `directory`, and is there
 * again when a broker is started on the same directory.
 */
export class JavaBroker implements Broker {
  readonly bootstrapServers: string;
  readonly origin = `Apache Kafka ${KAFKA_VERSION} on this machine's Java`;
  readonly guarded: Broker['guarded'];
  readonly outage = { kill: () => this.#kill(), restart: () => this.#start() };
  readonly #jars: string;
  readonly #directory: string;
  readonly #unlock: () => void;
  readonly #say: (line: string) => void;
  #process: ChildProcess | undefined;

  private constructor(jars: string, { directory, port, guarded, unlock, say }: Surroundings) {
    this.#jars = jars;
    this.#directory = directory;
    this.#unlock = unlock;
    this.#say = say;
    this.bootstrapServers = `127.0.0.1:${port}`;
    this.guarded = guarded && {
      bootstrapServers: `127.0.0.1:${guarded.port}`,
      certificate: guarded.certificate,
    };
  }

  /**
   * Resolves when the broker takes requests.
   * @param say is told when the broker ends without being asked to
   * @param options `guarded`: with a second way in, for those who bring a token
   * @throws {UserError} when another one works on the directory, or with what the broker said when it does not start
   */
  static async start(
    jars: string,
    directory: string,
    say: (line: string) => void,
    options: { readonly guarded?: boolean } = {},
  ): Promise<JavaBroker> {
    const home = resolve(directory);
    // Two nodes on one log end each other: both take themselves for the one controller.
    const unlock = lockDataDir(home);
    try {
      const [port = 0, controllerPort = 0] = await freePorts(2);
      const logDirectory = join(home, 'log');
      const guarded = options.guarded ? await guardedListener(home) : undefined;
      const properties = serverProperties({ port, controllerPort, logDirectory, guarded });
      await writeFile(join(home, 'server.properties'), properties);
      const broker = new JavaBroker(jars, { directory: home, port, guarded, unlock, say });
      if (!existsSync(join(logDirectory, 'meta.properties'))) await broker.#format();
      await broker.#start();
      return broker;
    } catch (error) {
      unlock();
      throw error;
    }
  }

  async stop(): Promise<void> {
    const broker = this.#process;
    if (broker) {
      this.#process = undefined;
      broker.kill('SIGTERM');
      const patience = setTimeout(() => broker.kill('SIGKILL'), STOP_MS);
      await ended(broker);
      clearTimeout(patience);
    }
    this.#unlock();
  }

  get #classPath(): string {
    return join(this.#jars, '*');
  }

  async #format(): Promise<void> {
    const properties = join(this.#directory, 'server.properties');
    const tool = ['-cp', this.#classPath, 'kafka.tools.StorageTool'];
    const { code, output } = await run('java', [...tool, 'format', '-t', clusterId(), '-c', properties]);
    if (code !== 0) throw new UserError(`Apache Kafka could not lay out its log:\n${output.slice(-1500)}`);
  }

  async #start(): Promise<void> {
    const said = await open(this.#log, 'w');
    const properties = join(this.#directory, 'server.properties');
    // In a process group of its own: Ctrl-C is for us, who end the broker when nobody uses it any more.
    const broker = spawn('java', [...HEAP, '-cp', this.#classPath, 'kafka.Kafka', properties], {
      stdio: ['ignore', said.fd, said.fd],
      detached: true,
    });
    this.#process = broker;
    const watchdog = whenThisProcessEnds(`kill -9 ${broker.pid}`);
    // Nobody may kill by this id once it is somebody else's.
    broker.once('exit', () => watchdog.kill('SIGKILL'));
    await said.close();
    if (await answering(this.bootstrapServers, START_MS, () => isRunning(broker))) {
      broker.once('exit', () => this.#missed(broker));
      return;
    }
    await this.#kill();
    throw new UserError(`Apache Kafka does not start: see ${this.#log}`);
  }

  get #log(): string {
    return join(this.#directory, 'broker.log');
  }

  /** Nobody asked it to end: whoever wonders why nothing moves any more should read it. */
  #missed(broker: ChildProcess): void {
    if (this.#process === broker)
      this.#say(`Apache Kafka has ended by itself, and what needs it waits: see ${this.#log}`);
  }

  async #kill(): Promise<void> {
    const broker = this.#process;
    if (!broker) return;
    this.#process = undefined;
    broker.kill('SIGKILL');
    await ended(broker);
  }
}

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode === null && signalCode === null;

const ended = async (broker: ChildProcess): Promise<void> => {
  if (isRunning(broker)) await once(broker, 'exit');
};
