import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { consumerNamed } from './consumer-operations.ts';
import { streamInUse } from './errors.ts';
import { event, exception } from './event-stream.ts';
import { parse, type Request } from './operation.ts';
import { recordDescription, startingPosition, startingPositionType } from './record-operations.ts';
import { shardSummary } from './shard-operations.ts';
import { ShardSubscription, type SubscriptionEvent } from './shard-subscription.ts';

/** A second call within this time is refused; one after it takes the subscription over (Kinesis API, "SubscribeToShard"). */
const EXCLUSIVE_MS = 5_000;

const subscribe = z.object({
  ConsumerARN: z.string(),
  ShardId: z.string(),
  StartingPosition: z.object({
    Type: startingPositionType,
    SequenceNumber: z.string().optional(),
    Timestamp: z.number().optional(),
  }),
});

/** The consumers of enhanced fan-out that are connected: one subscription for each consumer and shard. */
export class Subscriptions {
  readonly #open = new Map<string, { readonly subscription: ShardSubscription; takeOver(): void }>();

  /**
   * Answers with a stream of events that lasts until either side ends it.
   * @throws ResourceNotFoundException, ResourceInUseException, InvalidArgumentException before anything is sent
   */
  open(
    input: unknown,
    { kinesis, clock, call }: Request,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const { ConsumerARN, ShardId, StartingPosition } = parse(subscribe, input);
    const { Type, SequenceNumber, Timestamp } = StartingPosition;
    call.authorize('kinesis:SubscribeToShard', ConsumerARN);
    const { stream } = consumerNamed(kinesis, { ConsumerARN });
    const shard = stream.shard(ShardId);
    const position = stream.positionAt(shard, startingPosition(Type, SequenceNumber, Timestamp));
    const key = `${ConsumerARN} ${ShardId}`;
    this.#makeRoom(key, clock.now());

    response.writeHead(200, {
      'content-type': 'application/vnd.amazon.eventstream',
      'x-amzn-requestid': call.requestId,
    });
    response.write(event('initial-response', {}));
    const subscription = new ShardSubscription(
      clock,
      { stream, shard, position },
      {
        send: (next) => written(response, event('SubscribeToShardEvent', wireEvent(stream, next))),
        ended: () => response.end(),
      },
    );
    const takeOver = (): void => {
      response.write(exception('ResourceInUseException', 'Another subscription has taken this one over.'));
      subscription.end();
    };
    this.#open.set(key, { subscription, takeOver });
    const unwatch = stream.watch(() => {
      if (isRegistered(kinesis, ConsumerARN)) return;
      unwatch();
      response.write(exception('ResourceNotFoundException', `Consumer ${ConsumerARN} is gone.`));
      subscription.end();
    });
    const gone = (): void => {
      unwatch();
      subscription.end();
      if (this.#open.get(key)?.subscription === subscription) this.#open.delete(key);
    };
    response.once('close', gone);
    request.once('aborted', gone);
  }

  #makeRoom(key: string, now: number): void {
    const present = this.#open.get(key);
    if (!present) return;
    if (now - present.subscription.startedAt < EXCLUSIVE_MS)
      throw streamInUse('Another active subscription exists for this consumer and shard.');
    present.takeOver();
  }
}

/** Neither the consumer nor its stream was taken away. */
const isRegistered = (kinesis: Request['kinesis'], ConsumerARN: string): boolean => {
  try {
    return consumerNamed(kinesis, { ConsumerARN }) !== undefined;
  } catch {
    return false;
  }
};

const wireEvent = (
  stream: Parameters<typeof shardSummary>[0],
  { records, continuation, millisBehindLatest, ended, children }: SubscriptionEvent,
) => ({
  Records: records.map(recordDescription),
  MillisBehindLatest: millisBehindLatest,
  ...(ended
    ? { ChildShards: children.map((child) => shardSummary(stream, child)) }
    : { ContinuationSequenceNumber: continuation }),
});

/** Resolves once the bytes are with the other side's connection, or the connection is gone. */
const written = (response: ServerResponse, bytes: Buffer): Promise<void> => {
  if (response.destroyed || response.writableEnded) return Promise.resolve();
  if (response.write(bytes)) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  response.once('drain', resolve);
  response.once('close', resolve);
  return promise;
};
