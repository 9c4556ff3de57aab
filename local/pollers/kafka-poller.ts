import { setTimeout } from 'node:timers/promises';
import type { Foundation } from '../cloud.ts';
import type { KafkaClient } from '../kafka/client.ts';
import type { Cluster } from '../services/msk/service.ts';
import type { MappingIdentity, Poller, PollTarget } from './event-source.ts';
import type { StreamFailurePorts } from './failure-destination.ts';
import { deliverFailure } from './failure-destination.ts';
import { kafkaFailure } from './kafka-failures.ts';
import type { KafkaItem } from './kafka-lane.ts';
import { KafkaMember } from './kafka-member.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import { beginGroupAt } from './kafka-start.ts';
import type { KafkaTurns } from './kafka-turns.ts';
import { sleep } from './sleep.ts';
import type { Exhausted } from './stream-attempts.ts';

const AGAIN_MS = 1_000;
/** A group that is being loaded or divided anew is none of a person's business. */
const PASSING_MS = 3_000;
/** A broker that is away must not keep the cloud from closing. */
const JOINING_MS = 5_000;

export interface KafkaPolling {
  readonly foundation: Foundation;
  readonly client: KafkaClient;
  readonly cluster: Cluster;
  readonly ports: StreamFailurePorts;
  readonly mapping: MappingIdentity;
  readonly settings: KafkaSettings;
  readonly target: PollTarget;
  /** Shared by all who read of the broker. */
  readonly turns: KafkaTurns;
  /** Is told, once, that nothing can be read, and that it can be again. */
  say(line: string): void;
}

/** The group in which a mapping reads. */
export const groupOf = ({ uuid }: MappingIdentity, { groupId }: KafkaSettings): string => groupId ?? uuid;

/** Drives one mapping: members of one consumer group, among which the broker divides the partitions. */
export class KafkaPoller implements Poller {
  readonly #polling: KafkaPolling;
  readonly #stopping = new AbortController();
  readonly #groupId: string;
  #running: Promise<unknown> = Promise.resolve();
  readonly #members = new Set<KafkaMember>();
  #outage: { readonly over: AbortController; told: boolean } | undefined;

  constructor(polling: KafkaPolling) {
    this.#polling = polling;
    this.#groupId = groupOf(polling.mapping, polling.settings);
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
    await Promise.all([...this.#members].map((member) => member.leave()));
  }

  async #begin(): Promise<void> {
    const { client, settings } = this.#polling;
    await this.#untilDone(() => beginGroupAt(client, this.#groupId, settings));
    await Promise.all(Array.from({ length: settings.pollers }, () => this.#untilDone(() => this.#join())));
  }

  /** The broker may be away when the poller starts: it is asked again until it answers. */
  async #untilDone(step: () => Promise<void>): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await step();
        return;
      } catch (error) {
        this.#failed(error);
        await this.#again();
      }
    }
  }

  async #join(): Promise<void> {
    const { foundation, client, settings, target, turns } = this.#polling;
    const member = new KafkaMember({
      ...{ foundation, client, settings, target, turns },
      groupId: this.#groupId,
      origin: this.#origin,
      stopping: this.#stopping.signal,
      giveUp: (partition, exhausted) => this.#giveUp(partition, exhausted),
      joined: () => this.#joined(),
      failed: (error) => this.#failed(error),
      ended: (ended) => this.#replace(ended),
    });
    this.#members.add(member);
    try {
      await member.join();
    } catch (error) {
      this.#members.delete(member);
      await member.leave();
      throw error;
    }
  }

  /** Whoever has ended is waited for as long as it has something in work. */
  #replace(member: KafkaMember): void {
    void member.leave().then(() => this.#members.delete(member));
    const rejoined = this.#again().then(() => this.#untilDone(() => this.#join()));
    this.#running = Promise.all([this.#running, rejoined]).then(() => undefined);
  }

  get #origin() {
    const { arn, bootstrapServers } = this.#polling.cluster;
    return { clusterArn: arn, bootstrapServers };
  }

  /** What cannot be delivered is traced and counted, as on AWS: it is not tried again. */
  async #giveUp(partition: string, exhausted: Exhausted<KafkaItem>): Promise<void> {
    const { foundation, settings, ports, target, mapping } = this.#polling;
    const { condition, items } = exhausted;
    this.#trace('GiveUp', { partition, condition, records: items.length });
    if (settings.destination === undefined) return;
    const now = foundation.clock.now();
    const { functionArn } = target;
    try {
      await deliverFailure(ports, settings.destination, target.role(), {
        ...kafkaFailure({ exhausted, origin: this.#origin, partition, functionArn }, now),
        mappingId: mapping.uuid,
        partition,
        now,
      });
    } catch (error) {
      foundation.metrics.record('AWS/Lambda', 'DestinationDeliveryFailures', { FunctionName: this.#name }, 1);
      this.#trace('DestinationDeliveryFailed', { partition, reason: String(error) });
    }
  }

  get #name(): string {
    return this.#polling.target.functionArn.split(':')[6] ?? '';
  }

  /** Each failure is in the trace. A person reads of those that do not pass, once, however often it is tried again. */
  #failed(error: unknown): void {
    const { foundation, cluster, settings, say } = this.#polling;
    const reason = error instanceof Error ? error.message : String(error);
    this.#trace('PollFailed', { reason });
    if (this.#outage) return;
    const outage = { over: new AbortController(), told: false };
    this.#outage = outage;
    const stopping = this.#stopping.signal;
    void sleep(foundation.clock, PASSING_MS, stopping, outage.over.signal).then(() => {
      if (stopping.aborted || outage.over.signal.aborted) return;
      outage.told = true;
      const what = `${this.#name} cannot read the topic ${settings.topic} of ${cluster.bootstrapServers}`;
      say(`local cloud: PollFailed: ${what}: ${reason}. It tries until it can.`);
    });
  }

  #joined(): void {
    const outage = this.#outage;
    this.#outage = undefined;
    outage?.over.abort();
    const { settings, say } = this.#polling;
    if (outage?.told) say(`local cloud: ${this.#name} reads the topic ${settings.topic} again.`);
  }

  #again(): Promise<void> {
    return sleep(this.#polling.foundation.clock, AGAIN_MS, this.#stopping.signal);
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
