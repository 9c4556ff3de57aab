import { correlated, logFailure } from '../adapters/correlation.ts';
import { readEnv } from '../adapters/environment.ts';
import { snsPublisher } from '../adapters/sns-publisher.ts';
import { sqsDeadLetters } from '../adapters/sqs-senders.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { concurrently } from '../batch/queue.ts';
import { failJob } from '../domain/fail-job.ts';
import { readable } from '../messages/decode.ts';
import { JobRequested } from '../messages/job-messages.ts';
import { FailJobEnv } from './env.ts';

const env = readEnv(FailJobEnv);
const ports = {
  publisher: snsPublisher(env.JOB_EVENTS_TOPIC_ARN),
  deadLetters: sqsDeadLetters(env.JOBS_DEAD_LETTERS_URL),
  clock: systemClock,
};

/** Ends jobs whose messages no worker could handle. A message that cannot be read is handed on all the same. */
export const handler = concurrently({
  decode: ({ body }) => readable(JobRequested, body),
  handle: (request, delivery) => {
    const { messageId, body } = delivery;
    const fail = () => failJob({ messageId, body, request }, ports);
    return request ? correlated(request, delivery, fail) : fail();
  },
  onFailure: logFailure,
});
