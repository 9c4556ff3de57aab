import { setTimeout } from 'node:timers/promises';
import type { Consumer, ConsumerCrashEvent, EachBatchPayload } from 'kafkajs';
import type { Foundation } from '../cloud.ts';
import type { Cluster, Msk } from '../services/msk/service.ts';
import type { MappingIdentity, Poller, PollTarget } from './event-source.ts';
import type { StreamFailurePorts } from './failure-destination.ts';
import { deliverFailure } from './failure-destination.ts';
import { kafkaFailure } from './kafka-failures.ts';
import { type KafkaItem, KafkaLane } from './kafka-lane.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import { beginGroupAt } from './kafka-start.ts';
import type { Exhausted } from './stream-attempts.ts';

const SESSION_MS = 10_000;
const HEARTBEAT_MS = 1_000;
const RECONNECT_MS = 1_000;
/** A broker that is away must not keep the cloud from closing. */
const JOINING_MS = 5_000;
/** A fetch answers after this time at the latest, so that a poller that is stopped has not long to wait. */
const FETCH_WAIT_MS = 250;
const GATHER_BYTES = 1024 * 1024;
/** All partitions of a consumer are worked on side by side. */
const PARTITIONS_AT_ONCE = 100;

export interface KafkaPolling {
  readonly foundation: Foundation;
  readonly msk: Msk;
  readonly cluster: Cluster;
  readonly ports: StreamFailurePorts;
  readonly mapping: MappingIdentity;
  readonly settings: KafkaSettings;
  readonly target: PollTarget;
}

/** Drives one mapping: members of one consumer group, among which the broker divides the partitions. */
export class KafkaPoller implements Poller {
  readonly #polling: KafkaPolling;
  readonly #stopping = new AbortController();
  readonly #groupId: string;
  #running: Promise<unknown> = Promise.resolve();
  readonly #consumers = new Set<Consumer>();

  constructor(polling: KafkaPolling) {
    this.#polling = polling;
    this.#groupId = polling.settings.groupId ?? polling.mapping.uuid;
  }

  start(): void {
    this.#running = this.#begin();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    // Who leaves while joining is a member that nobody knows of, and holds its partitions until its session ends.
    await Promise.race([this.#running, setTimeout(JOINING_MS, undefined, { ref: false })]);
    await this.#leave();
    await this.#running;
    // Who has joined only now.
    await this.#leave();
    await this.#polling.foundation.store.committed();
  }

  async #leave(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.disconnect().catch(() => undefined)));
  }

  async #begin(): Promise<void> {
    const { msk, settings } = this.#polling;
    const begun = () => beginGroupAt(msk.client, this.#groupId, settings);
    await this.#untilDone(begun);
    await Promise.all(Array.from({ length: settings.pollers }, () => this.#untilDone(() => this.#join())));
  }

  /** The broker may be away when the poller starts: it is asked again until it answers. */
  async #untilDone(step: () => Promise<void>): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await step();
        return;
      } catch (error) {
        this.#trace('PollFailed', { reason: error instanceof Error ? error.message : String(error) });
        await this.#sleep(RECONNECT_MS);
      }
    }
  }

  async #join(): Promise<void> {
    const { msk, settings, target } = this.#polling;
    const consumer = msk.client.consumer({
      groupId: this.#groupId,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      // Whoever is at work when the group changes may finish its invocation.
      rebalanceTimeout: Math.max(SESSION_MS, target.timeoutMs * 2),
      // Gathering is the broker's own: it answers when there is that much, or the time is over.
      maxWaitTimeInMs: Math.max(FETCH_WAIT_MS, settings.windowMs),
      minBytes: settings.windowMs > 0 ? GATHER_BYTES : 1,
      retry: { restartOnFailure: async () => !this.#stopping.signal.aborted },
    });
    this.#consumers.add(consumer);
    consumer.on(consumer.events.CRASH, ({ payload }) => this.#crashed(consumer, payload));
    try {
      await consumer.connect();
      const fromBeginning = settings.start.type !== 'LATEST';
      await consumer.subscribe({ topics: [settings.topic], fromBeginning });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
        eachBatch: (payload) => this.#handle(payload),
      });
    } catch (error) {
      this.#consumers.delete(consumer);
      await consumer.disconnect().catch(() => undefined);
      throw error;
    }
  }

  /** The client goes on by itself after what it takes for passing. After anything else a new member takes its place. */
  #crashed(consumer: Consumer, { error, restart }: ConsumerCrashEvent['payload']): void {
    this.#trace('PollFailed', { reason: error.message });
    if (restart) return;
    this.#consumers.delete(consumer);
    const rejoined = this.#sleep(RECONNECT_MS).then(() => this.#untilDone(() => this.#join()));
    this.#running = Promise.all([this.#running, rejoined]);
  }

  /** The group is told all along that this member lives, however long the function takes. */
  async #handle(payload: EachBatchPayload): Promise<void> {
    const { foundation, settings, target, cluster } = this.#polling;
    let lost = false;
    const beat = setInterval(() => {
      payload.heartbeat().catch(() => {
        lost = true;
      });
    }, HEARTBEAT_MS);
    const lane = new KafkaLane(
      {
        ...{ foundation, settings, target },
        origin: { clusterArn: cluster.arn, bootstrapServers: cluster.bootstrapServers },
        stopped: () => lost || this.#stopping.signal.aborted,
        sleep: (ms) => this.#sleep(ms),
        giveUp: (partition, exhausted) => this.#giveUp(partition, exhausted),
      },
      payload,
    );
    try {
      await lane.run();
      this.#recordLag(payload);
    } finally {
      clearInterval(beat);
    }
  }

  /** What cannot be delivered is traced and counted, as on AWS: it is not tried again. */
  async #giveUp(partition: string, exhausted: Exhausted<KafkaItem>): Promise<void> {
    const { foundation, settings, ports, target, mapping, cluster } = this.#polling;
    const { condition, items } = exhausted;
    this.#trace('GiveUp', { partition, condition, records: items.length });
    if (settings.destination === undefined) return;
    const origin = { clusterArn: cluster.arn, bootstrapServers: cluster.bootstrapServers };
    try {
      await deliverFailure(ports, settings.destination, target.role(), {
        ...kafkaFailure(
          { exhausted, origin, partition, functionArn: target.functionArn },
          foundation.clock.now(),
        ),
        mappingId: mapping.uuid,
        partition,
        now: foundation.clock.now(),
      });
    } catch (error) {
      const FunctionName = target.functionArn.split(':')[6] ?? '';
      foundation.metrics.record('AWS/Lambda', 'DestinationDeliveryFailures', { FunctionName }, 1);
      this.#trace('DestinationDeliveryFailed', { partition, reason: String(error) });
    }
  }

  /** Amazon MSK reports it for the whole topic; here each partition reports what it knows. */
  #recordLag({ batch }: EachBatchPayload): void {
    const { foundation, settings, cluster } = this.#polling;
    const dimensions = {
      'Cluster Name': cluster.name,
      'Consumer Group': this.#groupId,
      Topic: settings.topic,
    };
    foundation.metrics.record('AWS/Kafka', 'SumOffsetLag', dimensions, Number(batch.offsetLag()));
  }

  #sleep(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = this.#polling.foundation.clock.after(ms, end);
      signal.addEventListener('abort', end);
    });
  }

  #trace(action: string, ids: Readonly<Record<string, string | number>>): void {
    const { foundation, mapping, settings } = this.#polling;
    const { trace, clock } = foundation;
    trace.record({
      at: clock.now(),
      service: 'lambda',
      action,
      resource: mapping.eventSourceArn,
      ids: { mappingId: mapping.uuid, topic: settings.topic, ...ids },
    });
  }
}
