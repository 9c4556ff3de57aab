import type { Foundation } from '../cloud.ts';
import type { Shard } from '../services/kinesis/shard.ts';
import type { Stream } from '../services/kinesis/stream.ts';
import type { MappingIdentity, Poller, PollTarget } from './event-source.ts';
import type { StreamFailurePorts } from './failure-destination.ts';
import type { KinesisSettings } from './kinesis-settings.ts';
import { streamOf } from './kinesis-source.ts';
import { StreamCheckpoints } from './stream-checkpoints.ts';
import { type GivenUp, tellFailure } from './stream-failures.ts';
import { type LaneSurroundings, StreamLane } from './stream-lane.ts';
import { StreamWaiting } from './stream-waiting.ts';
import { TumblingWindow } from './tumbling-window.ts';

/** What the poller needs of Amazon Kinesis. */
export interface PollableStreams {
  /** Throws AwsError ResourceNotFoundException. */
  stream(arn: string): Stream;
}

export interface KinesisPolling {
  readonly foundation: Foundation;
  readonly streams: PollableStreams;
  readonly ports: StreamFailurePorts;
  readonly mapping: MappingIdentity;
  readonly settings: KinesisSettings;
  readonly target: PollTarget;
  /** When the mapping's former poller has let go. */
  readonly after: Promise<void>;
}

/** Drives one mapping: all shards at once, each in order, children only after all of their parents. */
export class KinesisPoller implements Poller {
  readonly ended: Promise<void>;
  readonly #polling: KinesisPolling;
  readonly #stopping = new AbortController();
  readonly #end: () => void;
  readonly #running = new Set<Promise<void>>();
  readonly #begun = new Set<string>();
  readonly #drained = new Set<string>();
  #starting: Promise<void> = Promise.resolve();
  #unwatch: (() => void) | undefined;

  constructor(polling: KinesisPolling) {
    this.#polling = polling;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#end = resolve;
  }

  start(): void {
    this.#starting = this.#begin().catch((error: unknown) =>
      this.#trace('PollFailed', { reason: String(error) }),
    );
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#starting;
    this.#unwatch?.();
    await Promise.all(this.#running);
    await this.#polling.foundation.store.committed();
    this.#end();
  }

  async #begin(): Promise<void> {
    const { foundation, streams, mapping, settings, after } = this.#polling;
    const stream = streams.stream(streamOf(mapping.eventSourceArn));
    const checkpoints = new StreamCheckpoints(foundation.store, this.#key(stream), settings.lanes);
    // LATEST is what is latest now, not when a former poller has ended.
    if (!checkpoints.begun)
      for (const shard of stream.shards)
        checkpoints.start(shard.id, stream.positionAt(shard, settings.start));
    await after;
    if (this.#stopping.signal.aborted) return;
    this.#unwatch = stream.watch(() => this.#readNew(stream, checkpoints));
    this.#readNew(stream, checkpoints);
  }

  /** Another stream that takes the name of a deleted one begins anew. */
  #key({ state }: Stream): string {
    return `${this.#polling.mapping.uuid} ${state.createdAt}`;
  }

  /** Begins with each shard that is not read yet and whose parents are done with, or forgotten by the stream. */
  #readNew(stream: Stream, checkpoints: StreamCheckpoints): void {
    if (this.#stopping.signal.aborted) return;
    const { shards } = stream;
    const listed = new Set(shards.map(({ definition }) => definition.index));
    const idOf = new Map(shards.map(({ id, definition }) => [definition.index, id]));
    for (const shard of shards) {
      if (this.#begun.has(shard.id)) continue;
      const ready = shard.definition.parents.every(
        (parent) => !listed.has(parent) || this.#drained.has(idOf.get(parent) ?? ''),
      );
      if (ready) this.#readShard(stream, shard, checkpoints);
    }
  }

  #readShard(stream: Stream, shard: Shard, checkpoints: StreamCheckpoints): void {
    this.#begun.add(shard.id);
    const lanes = checkpoints
      .positions(shard.id)
      .map((position, lane) =>
        new StreamLane(this.#surroundings(stream, shard, lane, checkpoints)).run(position),
      );
    const running = Promise.all(lanes).then((drained) => {
      this.#running.delete(running);
      if (!drained.every(Boolean)) return;
      this.#drained.add(shard.id);
      this.#readNew(stream, checkpoints);
    });
    this.#running.add(running);
  }

  #surroundings(
    stream: Stream,
    shard: Shard,
    lane: number,
    checkpoints: StreamCheckpoints,
  ): LaneSurroundings {
    const { foundation, settings, target, mapping } = this.#polling;
    const { functionArn } = target;
    const { tumblingMs: lengthMs } = settings;
    const place = { store: foundation.store, mapping: this.#key(stream), lengthMs };
    return {
      ...{ foundation, settings, target, stream, shard, lane, sourceArn: mapping.eventSourceArn },
      ...(lengthMs > 0 && {
        window: new TumblingWindow({ ...place, shardId: shard.id, sourceArn: mapping.eventSourceArn }),
      }),
      waiting: new StreamWaiting(foundation.clock, stream, this.#stopping.signal),
      checkpoint: (position) => checkpoints.save(shard.id, lane, position),
      giveUp: (given) =>
        this.#giveUp({
          ...given,
          shardId: shard.id,
          streamArn: stream.arn,
          mappingId: mapping.uuid,
          functionArn,
        }),
    };
  }

  /** What cannot be delivered is traced and counted, as on AWS: it is not tried again. */
  async #giveUp(given: GivenUp): Promise<void> {
    const { foundation, settings, ports, target } = this.#polling;
    const { destination } = settings;
    const places = given.records.map(({ kinesis }) => kinesis.sequenceNumber);
    // By their places in the shard whatever is told of the records is tied to them, as their invocations are.
    const ids = {
      source: given.streamArn,
      shardId: given.shardId,
      from: places[0] ?? '',
      to: places.at(-1) ?? '',
    };
    this.#trace('GiveUp', { ...ids, condition: given.condition, records: given.records.length });
    if (destination === undefined) return;
    try {
      await foundation.trace.within({ ids }, () =>
        tellFailure(foundation, ports, destination, given, target.role()),
      );
    } catch (error) {
      const FunctionName = given.functionArn.split(':')[6] ?? '';
      foundation.metrics.record('AWS/Lambda', 'DestinationDeliveryFailures', { FunctionName }, 1);
      this.#trace('DestinationDeliveryFailed', { ...ids, reason: String(error) });
    }
  }

  #trace(action: string, ids: Readonly<Record<string, string | number>>): void {
    const { foundation, mapping } = this.#polling;
    const { trace, clock } = foundation;
    const resource = mapping.eventSourceArn;
    trace.record({
      at: clock.now(),
      service: 'lambda',
      action,
      resource,
      ids: { mappingId: mapping.uuid, ...ids },
    });
  }
}
