import { backpressure } from './backpressure.ts';
import { deadLetter } from './dead-letter.ts';
import { direct } from './direct.ts';
import { imageJob } from './image-job.ts';
import { queue } from './queue.ts';
import { queueOutage } from './queue-outage.ts';
import type { Scenario } from './scenario.ts';
import { stream } from './stream.ts';
import { streamPoison } from './stream-poison.ts';
import { streamReplay } from './stream-replay.ts';

/** Every scenario, in the order in which a reader meets the patterns. */
export const scenarios: readonly Scenario[] = [
  imageJob,
  queue,
  queueOutage,
  backpressure,
  stream,
  streamReplay,
  streamPoison,
  direct,
  deadLetter,
];
