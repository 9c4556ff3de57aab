import { z } from 'zod';
import type { OutgoingMessage } from '../../ports.ts';
import { checkBatch, eachEntry } from './batch.ts';
import { invalidValue, missingParameter, SqsError } from './errors.ts';
import { md5 } from './message-attributes.ts';
import type { OpenQueue, Sent } from './open-queue.ts';
import { onQueue } from './operation.ts';
import { checkOutgoing, checkToken, messageSize, noDeduplicationId, type SendRules } from './outgoing.ts';
import { checkAttributeNames } from './queue-attributes.ts';
import { systemAttributeNames } from './received-message.ts';
import {
  attributeDigests,
  attributeFilter,
  integer,
  outgoing,
  outgoingMessage,
  texts,
  type WireMessage,
  wireMessage,
} from './wire.ts';

const MOST_BATCH_BYTES = 1_048_576;
const MOST_WAIT_SECONDS = 20;
const MOST_VISIBILITY_SECONDS = 43_200;

const sendMessage = onQueue('SendMessage', outgoing, async ({ sqs, queue, input, call, traceHeader }) => {
  const message = outgoingMessage(input, traceHeader);
  checkOutgoing(message, queue.rules());
  const [sent] = await sqs.sendChecked(queue, [message], call.caller);
  return sent && sendResult(input, sent);
});

const sendResult = (wire: WireMessage, { messageId, sequenceNumber }: Sent) => ({
  MD5OfMessageBody: md5(wire.MessageBody),
  ...attributeDigests(wire),
  MessageId: messageId,
  ...(sequenceNumber !== undefined && { SequenceNumber: sequenceNumber }),
});

const sendMessageBatch = onQueue(
  'SendMessageBatch',
  z.object({ Entries: z.array(outgoing.extend({ Id: z.string() })).default([]) }),
  async ({ sqs, queue, input: { Entries }, call, traceHeader }) => {
    checkBatch(Entries, 'SendMessageBatchRequestEntry');
    const entries = Entries.map((wire) => {
      const message = outgoingMessage(wire, traceHeader);
      return { Id: wire.Id, wire, message, size: messageSize(message) };
    });
    checkBatchSize(entries);
    if (queue.fifo) checkFifoBatch(Entries, queue);
    const rules = queue.rules();
    const { succeeded, failed } = eachEntry(entries, (entry) => checkEntry(entry, rules));
    const sent = await sqs.sendChecked(
      queue,
      succeeded.map(({ message }) => message),
      call.caller,
    );
    const results = succeeded.flatMap(({ Id, wire }, index) => {
      const one = sent[index];
      return one ? [{ Id, ...sendResult(wire, one) }] : [];
    });
    return batchResult(results, failed);
  },
);

interface BatchEntry {
  readonly Id: string;
  readonly wire: WireMessage;
  readonly message: OutgoingMessage;
  readonly size: number;
}

const checkBatchSize = (entries: readonly BatchEntry[]): void => {
  const size = entries.reduce((total, entry) => total + entry.size, 0);
  if (size > MOST_BATCH_BYTES)
    throw new SqsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${MOST_BATCH_BYTES} bytes. You have sent ${size} bytes.`,
    );
};

const checkEntry = ({ message, size }: BatchEntry, rules: SendRules): void => {
  if (size > rules.maximumMessageSize)
    throw new SqsError(
      'InvalidParameterValue',
      `One or more parameters cannot be validated. Reason: Message must be shorter than ${rules.maximumMessageSize} bytes.`,
    );
  checkOutgoing(message, rules);
};

/** What a FIFO queue misses in one entry fails the whole batch (recorded on AWS, 30-04-2024). */
const checkFifoBatch = (entries: readonly WireMessage[], queue: OpenQueue): void => {
  for (const { MessageGroupId, MessageDeduplicationId } of entries) {
    if (MessageGroupId === undefined)
      throw new SqsError('InvalidParameterValue', missingParameter('MessageGroupId').message);
    if (MessageDeduplicationId === undefined && !queue.rules().contentBasedDeduplication)
      throw noDeduplicationId();
  }
};

/** Lists that have nothing in them are left out. */
const batchResult = (successful: readonly object[], failed: readonly object[]) => ({
  ...(successful.length > 0 && { Successful: successful }),
  ...(failed.length > 0 && { Failed: failed }),
});

const receiveMessage = onQueue(
  'ReceiveMessage',
  z.object({
    AttributeNames: texts.default([]),
    MessageSystemAttributeNames: texts.default([]),
    MessageAttributeNames: texts.default([]),
    MaxNumberOfMessages: integer.default(1),
    VisibilityTimeout: integer.optional(),
    WaitTimeSeconds: integer.optional(),
    ReceiveRequestAttemptId: z.string().optional(),
  }),
  async ({ sqs, queue, input, whenGone }) => {
    checkReceive(input);
    const asked = [...input.AttributeNames, ...input.MessageSystemAttributeNames];
    // The older list, `AttributeNames`, has the names of a queue's attributes, too.
    checkAttributeNames(asked, systemAttributeNames);
    checkToken('ReceiveRequestAttemptId', input.ReceiveRequestAttemptId);
    const waitSeconds = input.WaitTimeSeconds ?? Number(queue.attributes.ReceiveMessageWaitTimeSeconds);
    const received = await sqs.receive(queue.arn, {
      max: input.MaxNumberOfMessages,
      waitMs: waitSeconds * 1000,
      visibilityMs: input.VisibilityTimeout === undefined ? undefined : input.VisibilityTimeout * 1000,
      attemptId: input.ReceiveRequestAttemptId,
      ...(waitSeconds > 0 && { signal: whenGone() }),
    });
    const wantsSystem = attributeFilter(asked);
    const wantsAttribute = attributeFilter(input.MessageAttributeNames);
    if (received.length === 0) return {};
    return { Messages: received.map((message) => wireMessage(message, wantsSystem, wantsAttribute)) };
  },
);

interface ReceiveInput {
  readonly MaxNumberOfMessages: number;
  readonly WaitTimeSeconds?: number | undefined;
  readonly VisibilityTimeout?: number | undefined;
}

const checkReceive = ({
  MaxNumberOfMessages,
  WaitTimeSeconds = 0,
  VisibilityTimeout,
}: ReceiveInput): void => {
  if (MaxNumberOfMessages < 1 || MaxNumberOfMessages > 10)
    throw invalidValue(MaxNumberOfMessages, 'MaxNumberOfMessages', 'Must be between 1 and 10, if provided.');
  if (WaitTimeSeconds < 0 || WaitTimeSeconds > MOST_WAIT_SECONDS)
    throw invalidValue(
      WaitTimeSeconds,
      'WaitTimeSeconds',
      `Must be >= 0 and <= ${MOST_WAIT_SECONDS}, if provided.`,
    );
  checkVisibility(VisibilityTimeout);
};

const checkVisibility = (seconds = 0): void => {
  if (seconds < 0 || seconds > MOST_VISIBILITY_SECONDS)
    throw invalidValue(
      seconds,
      'VisibilityTimeout',
      `VisibilityTimeout must be an integer between 0 and ${MOST_VISIBILITY_SECONDS}`,
    );
};

const receipt = z.object({ ReceiptHandle: z.string() });

const deleteMessage = onQueue('DeleteMessage', receipt, async ({ sqs, queue, input }) => {
  sqs.deleteMessage(queue, input.ReceiptHandle);
  await sqs.committed();
  return undefined;
});

const deleteMessageBatch = onQueue(
  'DeleteMessageBatch',
  z.object({ Entries: z.array(receipt.extend({ Id: z.string() })).default([]) }),
  async ({ sqs, queue, input: { Entries } }) => {
    checkBatch(Entries, 'DeleteMessageBatchRequestEntry');
    const { succeeded, failed } = eachEntry(Entries, (entry) =>
      sqs.deleteMessage(queue, entry.ReceiptHandle),
    );
    await sqs.committed();
    return batchResult(
      succeeded.map(({ Id }) => ({ Id })),
      failed,
    );
  },
);

const visibility = receipt.extend({ VisibilityTimeout: integer });

const changeMessageVisibility = onQueue(
  'ChangeMessageVisibility',
  visibility,
  async ({ sqs, queue, input }) => {
    checkVisibility(input.VisibilityTimeout);
    await sqs.changeVisibility(queue.arn, input.ReceiptHandle, input.VisibilityTimeout * 1000);
    return undefined;
  },
);

const changeMessageVisibilityBatch = onQueue(
  'ChangeMessageVisibilityBatch',
  z.object({ Entries: z.array(visibility.extend({ Id: z.string() })).default([]) }),
  async ({ sqs, queue, input: { Entries } }) => {
    checkBatch(Entries, 'ChangeMessageVisibilityBatchRequestEntry');
    const { succeeded, failed } = eachEntry(Entries, ({ ReceiptHandle, VisibilityTimeout }) => {
      checkVisibility(VisibilityTimeout);
      queue.engine.changeVisibility(ReceiptHandle, VisibilityTimeout * 1000);
    });
    await sqs.committed();
    return batchResult(
      succeeded.map(({ Id }) => ({ Id })),
      failed,
    );
  },
);

export const messageOperations = {
  SendMessage: sendMessage,
  SendMessageBatch: sendMessageBatch,
  ReceiveMessage: receiveMessage,
  DeleteMessage: deleteMessage,
  DeleteMessageBatch: deleteMessageBatch,
  ChangeMessageVisibility: changeMessageVisibility,
  ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
};
