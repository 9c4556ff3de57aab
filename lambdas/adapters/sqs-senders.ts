import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { DeadLetters, Deadlines, JobChanges, JobQueue } from '../domain/ports.ts';
import type { JobWebhookQueue } from '../domain/push-ports.ts';
import { attributes, messageOf } from './message-content.ts';
import { sqs } from './sqs-client.ts';

export const sqsJobQueue = (queueUrl: string): JobQueue => ({
  async send(event) {
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, ...messageOf(event) }));
  },
});

/** A FIFO queue with a group for each job: the changes of a job come in order, those of other jobs do not wait for them. */
const inOrderPerJob = (queueUrl: string): JobChanges => ({
  async send(event) {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        ...messageOf(event),
        MessageGroupId: event.data.jobId,
        MessageDeduplicationId: event.id,
      }),
    );
  },
});

export const sqsJobChanges = (queueUrl: string): JobChanges => inOrderPerJob(queueUrl);

export const sqsJobWebhookQueue = (queueUrl: string): JobWebhookQueue => inOrderPerJob(queueUrl);

/** The delay is the queue's own: SQS holds a message back for up to 900 s ("Amazon SQS message timers"). */
export const sqsDeadlines = (queueUrl: string): Deadlines => ({
  async send(event, delaySeconds) {
    await sqs.send(
      new SendMessageCommand({ QueueUrl: queueUrl, ...messageOf(event), DelaySeconds: delaySeconds }),
    );
  },
});

/** The body stays as it was, so that it can be redriven; the cause travels beside it. */
export const sqsDeadLetters = (queueUrl: string): DeadLetters => ({
  async forward(body, cause) {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: body,
        MessageAttributes: attributes(cause),
      }),
    );
  },
});
