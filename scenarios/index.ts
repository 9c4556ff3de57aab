import { asyncRequestResponse } from './async-request-response.ts';
import { backpressure } from './backpressure.ts';
import { deadLetter } from './dead-letter.ts';
import { direct } from './direct.ts';
import { formats } from './formats.ts';
import { imageJob } from './image-job.ts';
import { notification } from './notification.ts';
import { orderedQueue } from './ordered-queue.ts';
import { queue } from './queue.ts';
import { queueOutage } from './queue-outage.ts';
import { queueVsTopic } from './queue-vs-topic.ts';
import { requestResponse } from './request-response.ts';
import { scaleOut } from './scale-out.ts';
import type { Scenario } from './scenario.ts';
import { stream } from './stream.ts';
import { streamPoison } from './stream-poison.ts';
import { streamReplay } from './stream-replay.ts';
import { topic } from './topic.ts';

/** Every scenario, in the order in which a reader meets the patterns. */
export const scenarios: readonly Scenario[] = [
  imageJob,
  requestResponse,
  asyncRequestResponse,
  notification,
  queue,
  queueOutage,
  scaleOut,
  backpressure,
  orderedQueue,
  topic,
  queueVsTopic,
  stream,
  streamReplay,
  streamPoison,
  direct,
  deadLetter,
  formats,
];
