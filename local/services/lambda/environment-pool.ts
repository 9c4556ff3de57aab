import type { Clock, Timer } from '../../clock.ts';
import { AwsError } from '../../errors.ts';
import type { ExecutionEnvironment, Outcome } from './execution-environment.ts';
import type { StartGate } from './start-gate.ts';

/** An environment that nobody uses is ended after this long. */
export const IDLE_LIMIT_MS = 10 * 60 * 1000;

/** An environment for one invocation, or the failure of its init. */
export interface Lease {
  readonly environment: ExecutionEnvironment;
  readonly initFailure?: Outcome;
  /** The invocation is the first one in its environment. */
  readonly cold: boolean;
}

interface Idle {
  readonly environment: ExecutionEnvironment;
  readonly since: number;
}

/**
 * The environments of one function. An event takes an idle one, the latest used first; when there is none, one is
 * started, and whichever comes free first, it or a busy one, runs the event.
 */
export class EnvironmentPool {
  readonly #clock: Clock;
  readonly #gate: StartGate;
  readonly #start: () => ExecutionEnvironment;
  readonly #all = new Map<ExecutionEnvironment, number>();
  readonly #idle: Idle[] = [];
  readonly #waiting: PromiseWithResolvers<Lease>[] = [];
  #starting = 0;
  #generation = 0;
  #reaper: Timer | undefined;

  constructor(clock: Clock, gate: StartGate, start: () => ExecutionEnvironment) {
    this.#clock = clock;
    this.#gate = gate;
    this.#start = start;
  }

  environments(): { readonly pid: number; readonly busy: boolean }[] {
    return [...this.#all.keys()].map((environment) => ({
      pid: environment.pid,
      busy: !this.#idle.some((idle) => idle.environment === environment),
    }));
  }

  acquire(): Promise<Lease> {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (idle.environment.alive) return Promise.resolve({ environment: idle.environment, cold: false });
    }
    const waiting = Promise.withResolvers<Lease>();
    this.#waiting.push(waiting);
    this.#startMissing();
    return waiting.promise;
  }

  release(environment: ExecutionEnvironment): void {
    if (!environment.alive || this.#all.get(environment) !== this.#generation) {
      environment.kill();
      return;
    }
    this.#offer({ environment, cold: false });
  }

  /** Code or configuration has changed: what runs ends with its event, and the next event gets a new environment. */
  renew(): void {
    this.#generation += 1;
    for (const { environment } of this.#idle.splice(0)) environment.kill();
  }

  async close(): Promise<void> {
    this.#reaper?.cancel();
    for (const { reject } of this.#waiting.splice(0))
      reject(new AwsError('ServiceException', 'Lambda is closing', 500));
    const environments = [...this.#all.keys()];
    for (const environment of environments) environment.kill();
    await Promise.all(environments.map(({ exited }) => exited));
  }

  #startMissing(): void {
    while (this.#starting < this.#waiting.length) {
      this.#starting += 1;
      void this.#startOne();
    }
  }

  async #startOne(): Promise<void> {
    const leave = await this.#gate.enter();
    try {
      // Busy environments may have come free while this start waited for its turn.
      if (this.#waiting.length === 0) return;
      const environment = this.#start();
      this.#all.set(environment, this.#generation);
      void environment.exited.then(() => this.#forget(environment));
      const initFailure = await environment.initialized;
      this.#offer({ environment, cold: true, ...(initFailure && { initFailure }) });
    } finally {
      this.#starting -= 1;
      leave();
      this.#startMissing();
    }
  }

  #offer(lease: Lease): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve(lease);
    else if (lease.environment.alive) this.#rest(lease.environment);
  }

  #rest(environment: ExecutionEnvironment): void {
    this.#idle.push({ environment, since: this.#clock.now() });
    this.#reaper ??= this.#clock.after(IDLE_LIMIT_MS, () => this.#reap());
  }

  #reap(): void {
    const overdue = this.#clock.now() - IDLE_LIMIT_MS;
    while (this.#idle[0] && this.#idle[0].since <= overdue) this.#idle.shift()?.environment.kill();
    const [oldest] = this.#idle;
    this.#reaper = oldest && this.#clock.after(oldest.since - overdue, () => this.#reap());
  }

  #forget(environment: ExecutionEnvironment): void {
    this.#all.delete(environment);
    const index = this.#idle.findIndex((idle) => idle.environment === environment);
    if (index >= 0) this.#idle.splice(index, 1);
  }
}
