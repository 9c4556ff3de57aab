import {
  ChangeMessageVisibilityCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** A message that nobody could handle, as it lies in its queue. */
export interface DeadLetter {
  readonly id: string;
  readonly body: string;
  /** The attributes beside the body. Whoever forwards a message says here why. */
  readonly cause: Readonly<Record<string, string>>;
  /** How often it has been received since it was sent, this look included. */
  readonly receiveCount: number;
  /** When it was sent, in ms since the epoch. A message that a redrive policy has moved keeps the time of its first queue. */
  readonly sentAt: number;
  /** The ARN of the queue whose redrive policy has moved it here; a message that was sent here has none. */
  readonly source?: string | undefined;
  readonly groupId?: string | undefined;
}

/** For so long, in seconds, a look hides what it has seen from itself. */
const LOOK_SECONDS = 30;

/**
 * Looks at the messages of a queue, at most `limit` of them, and gives each back at once: it is as visible as before, only
 * its receive count has grown. Of a message group in a FIFO queue only the first messages are seen, as what was
 * received blocks what follows.
 *
 * Meant for a dead-letter queue, which nobody else receives from and which moves nothing on for having been received.
 */
export const inspect = async (sqs: SQSClient, queueUrl: string, limit = 100): Promise<DeadLetter[]> => {
  const seen = new Map<string, Message>();
  try {
    while (seen.size < limit) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: Math.min(10, limit - seen.size),
          // A long poll asks all servers of the queue: a short one may miss a message that is there.
          WaitTimeSeconds: 1,
          VisibilityTimeout: LOOK_SECONDS,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        }),
      );
      for (const message of Messages) seen.set(message.MessageId ?? '', message);
      if (Messages.length === 0) break;
    }
  } finally {
    await Promise.all([...seen.values()].map((message) => giveBack(sqs, queueUrl, message)));
  }
  return [...seen.values()].map(deadLetter);
};

const giveBack = (sqs: SQSClient, QueueUrl: string, { ReceiptHandle }: Message) =>
  sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));

const deadLetter = ({ MessageId, Body, Attributes, MessageAttributes }: Message): DeadLetter => ({
  id: MessageId ?? '',
  body: Body ?? '',
  cause: Object.fromEntries(
    Object.entries(MessageAttributes ?? {}).map(([name, { StringValue, DataType }]) => [
      name,
      StringValue ?? `(${DataType})`,
    ]),
  ),
  receiveCount: Number(Attributes?.ApproximateReceiveCount ?? 0),
  sentAt: Number(Attributes?.SentTimestamp ?? 0),
  source: Attributes?.DeadLetterQueueSourceArn,
  groupId: Attributes?.MessageGroupId,
});
