import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import type { Target } from './target.ts';

type Attributes = Readonly<Partial<Record<QueueAttributeName, string>>>;

export const queueOf = async ({ sqs, name, afterwards }: Target, attributes: Attributes = {}) => {
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: name(attributes.FifoQueue ? '.fifo' : ''), Attributes: attributes }),
  );
  afterwards(() => sqs.send(new DeleteQueueCommand({ QueueUrl })));
  return {
    QueueUrl,
    send: (MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more })),
    receive: async (more: Partial<ReceiveMessageCommandInput> = {}) =>
      (
        await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1, ...more }),
        )
      ).Messages ?? [],
    delete: (ReceiptHandle: string | undefined) =>
      sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
    attribute: async (attribute: QueueAttributeName) =>
      (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [attribute] }))).Attributes?.[
        attribute
      ],
  };
};

export const fifo = { FifoQueue: 'true' };
export const text = (StringValue: string) => ({ DataType: 'String', StringValue });
export const bodies = (messages: readonly { readonly Body?: string | undefined }[]) =>
  messages.map(({ Body }) => Body);
