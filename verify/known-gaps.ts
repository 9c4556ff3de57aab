import type { Gap, TypeGap } from './gap.ts';
import { callbackUrl } from './gaps/callback-url.ts';
import { requestValidator } from './gaps/request-validator.ts';
import { splitShardGap } from './gaps/split-shard.ts';
import { streamFailures } from './gaps/stream-failures.ts';
import { subscriptionDeadLetters } from './gaps/subscription-dead-letters.ts';
import { throttledFunction } from './gaps/throttled-function.ts';

/**
 * What MiniStack cannot pass, and why. A scenario that is listed and passes fails the run, as one that is not listed and
 * fails: the list is true at each run.
 */
export const knownGaps: readonly Gap[] = [
  throttledFunction,
  requestValidator,
  subscriptionDeadLetters,
  splitShardGap,
  streamFailures,
  callbackUrl,
];

/** Types that MiniStack does not know. Nothing may refer to such a resource. */
export const typeGaps: readonly TypeGap[] = [
  {
    type: 'AWS::ApiGatewayV2::RouteResponse',
    consequence: 'a WebSocket client is sent the events that it watches, but no answer to its request',
  },
];

/** What waits for minutes that only the local cloud can skip: visibility timeouts, retries, alarm periods. */
export const slowScenarios: readonly string[] = ['backpressure', 'dead-letter'];
