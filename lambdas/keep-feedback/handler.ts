import { logFailure } from '../adapters/consume.ts';
import { dynamoDbFeedbackStore } from '../adapters/dynamodb-feedback-store.ts';
import { readEnv } from '../adapters/environment.ts';
import { concurrently } from '../batch/queue.ts';
import { bodyOf } from '../messages/decode.ts';
import { Feedback } from '../messages/feedback.ts';
import { KeepFeedbackEnv } from './env.ts';

const env = readEnv(KeepFeedbackEnv);
const store = dynamoDbFeedbackStore(env.FEEDBACK_TABLE);
const read = bodyOf(Feedback);

/** Keeps what users say. Its messages come straight from API Gateway: their id and time are those of the queue. */
export const handler = concurrently({
  decode: (record) => ({
    ...read(record),
    id: record.messageId,
    receivedAt: new Date(Number(record.attributes.SentTimestamp)).toISOString(),
  }),
  handle: (feedback) => store.keep(feedback),
  onFailure: logFailure,
});
