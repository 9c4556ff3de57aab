import { type ChildProcess, fork } from 'node:child_process';
import type { Clock } from '../../clock.ts';
import { LogTail } from './function-log.ts';
import type { MemoryWatch, Watched } from './memory-watch.ts';
import type { EnvironmentMessage, ErrorReport, InvokeMessage } from './runtime/messages.ts';

export interface EnvironmentOptions {
  readonly bootstrap: string;
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly nodeOptions: readonly string[];
  readonly memoryMb: number;
  /** Longest time that init may take. */
  readonly initTimeoutMs: number;
  readonly clock: Clock;
  readonly memory: MemoryWatch;
  readonly log: (text: string) => void;
}

/** How one invocation ended in its process. `error` may still lack the request id that AWS puts before the message. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly payload: string; readonly rss: number }
  | { readonly kind: 'failed'; readonly error: ErrorReport; readonly rss: number }
  | { readonly kind: 'ended'; readonly error: ErrorReport }
  | { readonly kind: 'exited'; readonly reason: string }
  | { readonly kind: 'timedOut' };

/** Words of the Lambda service for a process that is gone. */
const exitReason = (code: number | null, signal: NodeJS.Signals | null): string => {
  if (signal)
    return `Runtime exited with error: signal: ${signal === 'SIGKILL' ? 'killed' : signal.slice(3).toLowerCase()}`;
  return code === 0
    ? 'Runtime exited without providing a reason'
    : `Runtime exited with error: exit status ${code}`;
};

/** One process that has loaded a function and runs one event at a time. */
export class ExecutionEnvironment {
  readonly tail = new LogTail();
  /** Resolves when init is over: with nothing, or with how it failed. */
  readonly initialized: Promise<Outcome | undefined>;
  /** Resolves when the process is gone. */
  readonly exited: Promise<void>;
  initMs = 0;
  readonly #child: ChildProcess;
  readonly #options: EnvironmentOptions;
  readonly #watched: Watched;
  #onChunk: ((chunk: Uint8Array) => void) | undefined;
  #settle: ((outcome: Outcome | undefined) => void) | undefined;
  #alive = true;

  constructor(options: EnvironmentOptions) {
    this.#options = options;
    const startedAt = performance.now();
    this.#child = fork(options.bootstrap, {
      cwd: options.directory,
      env: { ...options.variables },
      execArgv: [...options.nodeOptions],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#watched = {
      pid: this.pid,
      limitBytes: options.memoryMb * 1024 * 1024,
      kill: () => this.kill(),
    };
    this.#child.on('message', (message: EnvironmentMessage) => this.#hear(message));
    for (const output of [this.#child.stdout, this.#child.stderr]) {
      output?.on('data', (chunk: Buffer) => this.write(chunk.toString()));
    }
    this.exited = new Promise((resolve) => {
      this.#child.once('error', () => this.#gone('Runtime exited with error: could not be started', resolve));
      this.#child.once('exit', (code, signal) => this.#gone(exitReason(code, signal), resolve));
    });
    this.initialized = this.#work(options.initTimeoutMs).then((outcome) => {
      this.initMs = performance.now() - startedAt;
      return outcome;
    });
  }

  /** -1 when the process could not be started. */
  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Runs one event. After any other outcome than `succeeded` and `failed` the process is gone. */
  async invoke(message: InvokeMessage, onChunk?: (chunk: Uint8Array) => void): Promise<Outcome> {
    this.#onChunk = onChunk;
    const outcome = this.#work(message.remainingMs);
    this.#child.send(message, (error) => {
      if (error) this.kill();
    });
    return (await outcome) ?? { kind: 'exited', reason: exitReason(0, null) };
  }

  write(text: string): void {
    this.tail.write(text);
    this.#options.log(text);
  }

  kill(): void {
    this.#alive = false;
    this.#child.kill('SIGKILL');
  }

  /** One piece of work, init or an event, under its time and memory limits. */
  #work(limitMs: number): Promise<Outcome | undefined> {
    if (!this.#alive) return Promise.resolve({ kind: 'exited', reason: exitReason(null, 'SIGKILL') });
    const { clock, memory } = this.#options;
    return new Promise((resolve) => {
      const timer = clock.afterWork(limitMs, () => {
        this.#settle?.({ kind: 'timedOut' });
        this.kill();
      });
      memory.add(this.#watched);
      this.#settle = (outcome) => {
        this.#settle = undefined;
        timer.cancel();
        memory.remove(this.#watched);
        resolve(outcome);
      };
    });
  }

  #hear(message: EnvironmentMessage): void {
    if (message.type === 'log') this.write(message.text);
    else if (message.type === 'chunk') this.#onChunk?.(message.chunk);
    else if (message.type === 'ready') this.#settle?.(undefined);
    else if (message.type === 'succeeded') {
      this.#settle?.({ kind: 'succeeded', payload: message.payload, rss: message.rss });
    } else if (message.type === 'failed') {
      this.#settle?.({ kind: 'failed', error: message.error, rss: message.rss });
    } else {
      this.#alive = false;
      this.#settle?.({ kind: 'ended', error: message.error });
    }
  }

  #gone(reason: string, resolve: () => void): void {
    this.#alive = false;
    this.#settle?.({ kind: 'exited', reason });
    resolve();
  }
}
