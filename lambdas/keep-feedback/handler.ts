import { logFailure } from '../adapters/correlation.ts';
import { dynamoDbFeedbackStore } from '../adapters/dynamodb-feedback-store.ts';
import { readEnv } from '../adapters/environment.ts';
import { log } from '../adapters/log.ts';
import { concurrently } from '../batch/queue.ts';
import { bodyOf } from '../messages/decode.ts';
import { Feedback } from '../messages/feedback.ts';
import { KeepFeedbackEnv } from './env.ts';

const env = readEnv(KeepFeedbackEnv);
const store = dynamoDbFeedbackStore(env.FEEDBACK_TABLE);
const read = bodyOf(Feedback);

/** The trace that API Gateway has begun, and has told the client in `X-Amzn-Trace-Id`. */
const rootOf = (header = ''): string | undefined => /Root=([^;]+)/.exec(header)?.[1];

/**
 * Keeps what users say. Its messages come straight from API Gateway: their id and time are those of the queue, and as nobody
 * was there to write a correlation id, they are found by their trace.
 */
export const handler = concurrently({
  decode: (record) => ({
    ...read(record),
    id: record.messageId,
    receivedAt: new Date(Number(record.attributes.SentTimestamp)).toISOString(),
    correlationId: rootOf(record.attributes.AWSTraceHeader) ?? record.messageId,
  }),
  handle: (feedback, { messageId, receiveCount }) =>
    log.within({ correlationId: feedback.correlationId, messageId, receiveCount }, async () => {
      const { correlationId: _, ...kept } = feedback;
      await store.keep(kept);
      log.info('Feedback was kept');
    }),
  onFailure: logFailure,
});
