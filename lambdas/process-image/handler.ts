import { consume } from '../adapters/consume.ts';
import { dynamoDbJobStore } from '../adapters/dynamodb-job-store.ts';
import { readEnv } from '../adapters/environment.ts';
import { log } from '../adapters/log.ts';
import { s3Results } from '../adapters/s3-results.ts';
import { s3Uploads } from '../adapters/s3-uploads.ts';
import { sharpTransformer } from '../adapters/sharp-transformer.ts';
import { snsPublisher } from '../adapters/sns-publisher.ts';
import { sqsJobChanges } from '../adapters/sqs-senders.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { processImage } from '../domain/process-image.ts';
import { JobRequested } from '../messages/job-messages.ts';
import { ProcessImageEnv } from './env.ts';

const env = readEnv(ProcessImageEnv);
const ports = {
  jobs: dynamoDbJobStore(env.JOBS_TABLE),
  uploads: s3Uploads(env.UPLOADS_BUCKET),
  results: s3Results(env.RESULTS_BUCKET),
  images: sharpTransformer,
  publisher: snsPublisher(env.JOB_EVENTS_TOPIC_ARN),
  changes: sqsJobChanges(env.JOB_CHANGES_QUEUE_URL),
  clock: systemClock,
};

/** Does the work of image jobs; one image at a time, as two large ones would need twice the memory. */
export const handler = consume(
  JobRequested,
  async (request, { receiveCount }) => {
    const outcome = await processImage(request, receiveCount, ports);
    log.info('An image job was handled', { outcome });
  },
  { concurrency: 1 },
);
