import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { EditQueue } from '../domain/edits.ts';
import { messageOf } from './message-content.ts';
import { sqs } from './sqs-client.ts';

/** Edits in a FIFO queue, in one message group for each image. To send again after a lost answer is safe. */
export const sqsEditQueue = (queueUrl: string): EditQueue => ({
  async send(event, deduplicationId) {
    const { MessageId: id } = await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        ...messageOf(event),
        MessageGroupId: event.data.imageId,
        MessageDeduplicationId: deduplicationId,
      }),
    );
    if (id === undefined) throw new Error('SQS has accepted a message without an id');
    return id;
  },
});
