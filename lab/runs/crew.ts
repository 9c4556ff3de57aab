import type { ConsumerOptions, Lane, Producer, RunningConsumer } from '../broker.ts';
import type { Received } from '../ledger.ts';

/** Whoever sends and reads in a run. */
export class Crew {
  readonly #lane: Lane;
  readonly #producers = new Map<string, Producer>();
  readonly #starting: Promise<RunningConsumer>[] = [];
  readonly #consumers: RunningConsumer[] = [];

  constructor(lane: Lane) {
    this.#lane = lane;
  }

  /** So many producers, by name; the same ones each time. */
  async producers(count: number): Promise<ReadonlyMap<string, Producer>> {
    for (let index = this.#producers.size; index < count; index += 1) {
      const name = `p${index}`;
      this.#producers.set(name, await this.#lane.producer(name));
    }
    return this.#producers;
  }

  /** One more consumer; of group `a`, alone, and without work when nothing else is said. */
  async consume(
    options: Partial<ConsumerOptions>,
    onReceived: (one: Received) => void,
  ): Promise<RunningConsumer> {
    const consumer = `c${this.#starting.length}`;
    const alone = { consumer, group: 'a', workMs: 0, share: { index: 0, of: 1 } };
    const starting = this.#lane.consumer({ ...alone, ...options }, onReceived);
    this.#starting.push(starting);
    const started = await starting;
    this.#consumers.push(started);
    return started;
  }

  /** @throws Error when a consumer can read no more: nobody takes what it would have */
  throwFailure(): void {
    const failure = this.#consumers.map((consumer) => consumer.failure()).find((one) => one !== undefined);
    if (failure !== undefined) throw new Error(failure);
  }

  async killConsumers(): Promise<void> {
    // One that failed to start has no process any more; the others may only be about to have one.
    for (const started of await Promise.allSettled(this.#starting))
      if (started.status === 'fulfilled') await started.value.kill();
  }

  async closeProducers(): Promise<void> {
    for (const producer of this.#producers.values()) await producer.close();
  }
}
