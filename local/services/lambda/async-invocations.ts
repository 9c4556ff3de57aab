import type { Timer } from '../../clock.ts';
import type { Foundation } from '../../cloud.ts';
import { AwsError } from '../../errors.ts';
import type { Invocation } from '../../ports.ts';
import { type AsyncEvent, AsyncEventStore } from './async-event-store.ts';
import { ThrottledError } from './concurrency.ts';
import type { Condition, EventEnd } from './destinations.ts';
import type { EventInvokeConfig } from './function-definition.ts';

/** "Lambda waits one minute before the second attempt, and two minutes before the third" (Lambda guide, "How Lambda handles errors and retries with asynchronous invocation"). */
const retryDelayMs = (attempts: number): number => attempts * 60_000;

/** "Lambda returns the event to the queue and attempts to run the function again for up to 6 hours by default. The retry interval increases exponentially from 1 second after the first attempt to a maximum of 5 minutes." */
const throttleDelayMs = (throttles: number): number => Math.min(1000 * 2 ** throttles, 300_000);

const DEFAULT_EVENT_AGE_SECONDS = 6 * 60 * 60;
const DEFAULT_RETRIES = 2;

/** After a start, the rest of the template, such as destinations, is there before stored events go on. */
const RESUME_AFTER_MS = 2000;

export interface AsyncPorts {
  /** Throws AwsError: 429 when there is no concurrency left, 503 when the service fails. */
  run(event: AsyncEvent): Promise<Invocation>;
  /** @param functionArn with the version or alias that was invoked. */
  config(functionArn: string): EventInvokeConfig;
  /** Tells dead-letter queue and destinations; resolves when that would survive a crash. */
  ended(end: EventEnd): Promise<void>;
}

/** Events of `Event` invocations: stored before they are acknowledged, run, retried, and told to their destinations. */
export class AsyncInvocations {
  readonly #foundation: Foundation;
  readonly #ports: AsyncPorts;
  readonly #events: AsyncEventStore;
  readonly #timers = new Map<string, Timer>();
  #closed = false;

  constructor(foundation: Foundation, ports: AsyncPorts) {
    this.#foundation = foundation;
    this.#ports = ports;
    this.#events = new AsyncEventStore(foundation.store);
  }

  /** Resolves once the event is stored. */
  async accept(requestId: string, functionName: string, invokedArn: string, payload: string): Promise<void> {
    const { clock, store, trace } = this.#foundation;
    const now = clock.now();
    const { scope } = trace;
    const asked = { requestId, functionName, invokedArn, payload, scope };
    const event = { ...asked, acceptedAt: now, attempts: 0, dueAt: now };
    this.#events.put(event);
    await store.committed();
    void this.#attempt(event, 0);
  }

  /** Goes on with what an earlier run of the cloud had accepted. */
  resume(functionName: string): void {
    const { clock } = this.#foundation;
    for (const event of this.#events.of(functionName)) {
      if (this.#timers.has(event.requestId)) continue;
      this.#later(event, Math.max(RESUME_AFTER_MS, event.dueAt - clock.now()), 0);
    }
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  async #attempt(event: AsyncEvent, throttles: number): Promise<void> {
    this.#timers.delete(event.requestId);
    if (this.#closed) return;
    if (this.#age(event) > this.#maximumAgeMs(event)) {
      await this.#end(event, 'EventAgeExceeded', undefined);
      return;
    }
    try {
      const { header, ids } = event.scope ?? {};
      const scope = { header, ids: { ...ids, attempt: event.attempts + 1 } };
      const invocation = await this.#foundation.trace.within(scope, () => this.#ports.run(event));
      if (!this.#closed) await this.#judge({ ...event, attempts: event.attempts + 1 }, invocation);
    } catch (error) {
      if (this.#closed) return;
      // "Events are dropped ... reserved concurrency might be set to 0" ("Types of metrics for Lambda functions").
      if (error instanceof ThrottledError && error.switchedOff)
        await this.#end(event, 'ZeroReservedConcurrency', undefined);
      // "Throttling errors (429) and system errors (500-series)", as far as they pass by themselves.
      else if (error instanceof AwsError && error.isPassing)
        this.#later(event, throttleDelayMs(throttles), throttles + 1);
      else await this.#end(event, 'RetriesExhausted', undefined);
    }
  }

  async #judge(event: AsyncEvent, invocation: Invocation): Promise<void> {
    if (!invocation.functionError) {
      await this.#end(event, 'Success', invocation);
      return;
    }
    const { maximumRetryAttempts = DEFAULT_RETRIES } = this.#ports.config(event.invokedArn);
    if (event.attempts > maximumRetryAttempts) {
      await this.#end(event, 'RetriesExhausted', invocation);
      return;
    }
    const delay = retryDelayMs(event.attempts);
    // What would be too old by then is given up at once, with its last failure (recorded on AWS, 27-11-2025).
    if (this.#age(event) + delay > this.#maximumAgeMs(event)) {
      await this.#end(event, 'EventAgeExceeded', invocation);
      return;
    }
    this.#events.put({ ...event, dueAt: this.#foundation.clock.now() + delay });
    this.#later(event, delay, 0);
  }

  async #end(event: AsyncEvent, condition: Condition, invocation: Invocation | undefined): Promise<void> {
    const end = { event, condition, invocation };
    await this.#foundation.trace.within(event.scope ?? {}, () => this.#ports.ended(end));
    if (this.#closed) return;
    this.#events.remove(event.requestId);
  }

  #later(event: AsyncEvent, delayMs: number, throttles: number): void {
    if (this.#closed) return;
    this.#timers.set(
      event.requestId,
      this.#foundation.clock.after(delayMs, () => void this.#attempt(event, throttles)),
    );
  }

  #age(event: AsyncEvent): number {
    return this.#foundation.clock.now() - event.acceptedAt;
  }

  #maximumAgeMs(event: AsyncEvent): number {
    const { maximumEventAgeSeconds = DEFAULT_EVENT_AGE_SECONDS } = this.#ports.config(event.invokedArn);
    return maximumEventAgeSeconds * 1000;
  }
}
