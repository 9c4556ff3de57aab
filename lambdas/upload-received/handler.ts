import { logFailure } from '../adapters/correlation.ts';
import { dynamoDbJobStore } from '../adapters/dynamodb-job-store.ts';
import { readEnv } from '../adapters/environment.ts';
import { log } from '../adapters/log.ts';
import { sqsJobChanges, sqsJobQueue } from '../adapters/sqs-senders.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { concurrently } from '../batch/queue.ts';
import { jobIdOfUpload } from '../domain/keys.ts';
import { queueUpload } from '../domain/queue-upload.ts';
import { bodyOf } from '../messages/decode.ts';
import { createdKeys, UploadNotification } from '../messages/upload-notification.ts';
import { UploadReceivedEnv } from './env.ts';

const env = readEnv(UploadReceivedEnv);
const ports = {
  jobs: dynamoDbJobStore(env.JOBS_TABLE),
  queue: sqsJobQueue(env.JOBS_QUEUE_URL),
  changes: sqsJobChanges(env.JOB_CHANGES_QUEUE_URL),
  clock: systemClock,
};

/** S3 tells of uploads; each makes its job ready for the workers. What S3 says has no correlation: the job has it. */
export const handler = concurrently<UploadNotification>({
  decode: bodyOf(UploadNotification),
  handle: async (notification) => {
    for (const key of createdKeys(notification)) {
      const jobId = jobIdOfUpload(key);
      await log.within({ subject: jobId }, async () => {
        const { trace } = await queueUpload(jobId, ports);
        log.info('An upload was received', { ...trace });
      });
    }
  },
  onFailure: logFailure,
});
