import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { Broker } from './broker.ts';
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

/**
 * Apache Kafka as a child process, one node, on free ports of 127.0.0.1. What it keeps is under `directory`, and is there
 * again when a broker is started on the same directory.
 */
export class JavaBroker implements Broker {
  readonly bootstrapServers: string;
  readonly origin = `Apache Kafka ${KAFKA_VERSION} on this machine's Java`;
  readonly outage = { kill: () => this.#kill(), restart: () => this.#start() };
  readonly #jars: string;
  readonly #directory: string;
  #process: ChildProcess | undefined;

  private constructor(jars: string, directory: string, port: number) {
    this.#jars = jars;
    this.#directory = directory;
    this.bootstrapServers = `127.0.0.1:${port}`;
  }

  /** Resolves when the broker takes requests. @throws {UserError} with what the broker said when it does not start */
  static async start(jars: string, directory: string): Promise<JavaBroker> {
    const home = resolve(directory);
    await mkdir(home, { recursive: true });
    const [port = 0, controllerPort = 0] = await freePorts(2);
    const logDirectory = join(home, 'log');
    await writeFile(
      join(home, 'server.properties'),
      serverProperties({ port, controllerPort, logDirectory }),
    );
    const broker = new JavaBroker(jars, home, port);
    if (!existsSync(join(logDirectory, 'meta.properties'))) await broker.#format();
    await broker.#start();
    return broker;
  }

  async stop(): Promise<void> {
    const broker = this.#process;
    if (!broker) return;
    broker.kill('SIGTERM');
    const patience = setTimeout(() => broker.kill('SIGKILL'), STOP_MS);
    await this.#ended(broker);
    clearTimeout(patience);
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
    const said = await open(join(this.#directory, 'broker.log'), 'w');
    const properties = join(this.#directory, 'server.properties');
    // In a process group of its own: Ctrl-C is for us, who end the broker when nobody uses it any more.
    const broker = spawn('java', [...HEAP, '-cp', this.#classPath, 'kafka.Kafka', properties], {
      stdio: ['ignore', said.fd, said.fd],
      detached: true,
    });
    this.#process = broker;
    const watchdog = guard(broker);
    // Nobody may kill by this id once it is somebody else's.
    broker.once('exit', () => watchdog.kill('SIGKILL'));
    await said.close();
    if (await answering(this.bootstrapServers, START_MS, () => broker.exitCode === null)) return;
    await this.#kill();
    throw new UserError(`Apache Kafka does not start: see ${join(this.#directory, 'broker.log')}`);
  }

  async #kill(): Promise<void> {
    const broker = this.#process;
    if (!broker) return;
    broker.kill('SIGKILL');
    await this.#ended(broker);
  }

  async #ended(broker: ChildProcess): Promise<void> {
    if (broker.exitCode === null && broker.signalCode === null) await once(broker, 'exit');
    this.#process = undefined;
  }
}

/** Ends the broker when this process ends, however it ends: then nobody holds the other end of the pipe any more. */
const guard = ({ pid }: ChildProcess): ChildProcess =>
  spawn('sh', ['-c', `cat > /dev/null; kill -9 ${pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
