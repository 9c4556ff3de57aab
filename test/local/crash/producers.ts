import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { PublishBatchCommand, PublishCommand } from '@aws-sdk/client-sns';
import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { Random } from '../../../local/random.ts';
import { type Clients, ORDERED_TOPIC_ARN, queueUrl, TOPIC_ARN } from './clients.ts';
import { type Ledger, sequenceOf, textOf } from './ledger.ts';

/** Does one call, and enters into the ledger what it acknowledged. Throws when the answer did not come. */
export type Step = (clients: Clients, endpoint: string) => Promise<void>;

const someOf = (random: Random): number => 1 + Math.floor(random() * 10);

/** Sends new messages, alone or in batches; what was not acknowledged is not sent again. */
const sender = (
  random: Random,
  sequence: string,
  acknowledged: Set<string>,
  send: (texts: readonly string[], clients: Clients, endpoint: string) => Promise<readonly string[]>,
): Step => {
  let next = 0;
  return async (clients, endpoint) => {
    const texts = Array.from({ length: someOf(random) }, () => textOf(sequence, next++));
    for (const text of await send(texts, clients, endpoint)) acknowledged.add(text);
  };
};

/** Sends the same messages again and again until they are acknowledged, and only then the next ones. */
const insistent = (
  random: Random,
  sequence: string,
  acknowledged: (text: string) => void,
  send: (texts: readonly string[], clients: Clients, endpoint: string) => Promise<readonly string[]>,
): Step => {
  let next = 0;
  let pending: readonly string[] = [];
  return async (clients, endpoint) => {
    if (pending.length === 0)
      pending = Array.from({ length: someOf(random) }, () => textOf(sequence, next++));
    const taken = new Set(await send(pending, clients, endpoint));
    for (const text of taken) acknowledged(text);
    pending = pending.filter((text) => !taken.has(text));
  };
};

/** `SendMessage` for one message, `SendMessageBatch` for several. */
const toQueue =
  (name: string) =>
  async (texts: readonly string[], { sqs }: Clients, endpoint: string): Promise<readonly string[]> => {
    const QueueUrl = queueUrl(endpoint, name);
    const [first, ...others] = texts;
    if (others.length === 0) {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: first }));
      return texts;
    }
    const Entries = texts.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    const { Successful = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    return Successful.map(({ Id }) => texts[Number(Id)] ?? '');
  };

/** The sequence is the message group, the text the deduplication id and, unless it is given, the body. */
export const toFifo = async (
  texts: readonly string[],
  { sqs }: Clients,
  endpoint: string,
  body?: string,
): Promise<readonly string[]> => {
  const Entries = texts.map((text, index) => ({
    Id: String(index),
    MessageBody: body ?? text,
    MessageGroupId: sequenceOf(text),
    MessageDeduplicationId: text,
  }));
  const QueueUrl = queueUrl(endpoint, 'ordered.fifo');
  const { Successful = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  return Successful.map(({ Id }) => texts[Number(Id)] ?? '');
};

const toTopic = async (texts: readonly string[], { sns }: Clients): Promise<readonly string[]> => {
  const [first, ...others] = texts;
  if (others.length === 0) {
    await sns.send(new PublishCommand({ TopicArn: TOPIC_ARN, Message: first }));
    return texts;
  }
  const PublishBatchRequestEntries = texts.map((Message, index) => ({ Id: String(index), Message }));
  const { Successful = [] } = await sns.send(
    new PublishBatchCommand({ TopicArn: TOPIC_ARN, PublishBatchRequestEntries }),
  );
  return Successful.map(({ Id }) => texts[Number(Id)] ?? '');
};

/** As to the ordered queue, by way of the ordered topic. */
export const toOrderedTopic = async (
  texts: readonly string[],
  { sns }: Clients,
  _endpoint: string,
  body?: string,
): Promise<readonly string[]> => {
  const PublishBatchRequestEntries = texts.map((text, index) => ({
    Id: String(index),
    Message: body ?? text,
    MessageGroupId: sequenceOf(text),
    MessageDeduplicationId: text,
  }));
  const { Successful = [] } = await sns.send(
    new PublishBatchCommand({ TopicArn: ORDERED_TOPIC_ARN, PublishBatchRequestEntries }),
  );
  return Successful.map(({ Id }) => texts[Number(Id)] ?? '');
};

/** The sequence is the partition key. */
const toStream = async (texts: readonly string[], { kinesis }: Clients): Promise<readonly string[]> => {
  const { Records = [] } = await kinesis.send(
    new PutRecordsCommand({
      StreamName: 'stream',
      Records: texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: sequenceOf(text) })),
    }),
  );
  const refused = Records.findIndex(({ ErrorCode }) => ErrorCode !== undefined);
  return refused < 0 ? texts : texts.slice(0, refused);
};

/** Takes from the standard queue and deletes, so that there are deletions to survive. */
const consumer =
  ({ deleted, deleting }: Ledger): Step =>
  async ({ sqs }, endpoint) => {
    const QueueUrl = queueUrl(endpoint, 'standard');
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 3, WaitTimeSeconds: 1 }),
    );
    if (Messages.length === 0) return;
    for (const { Body = '' } of Messages) deleting.add(Body);
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    const { Successful = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    for (const { Id } of Successful) deleted.add(Messages[Number(Id)]?.Body ?? '');
  };

/** Everybody who works on the cloud while it is killed; their numbering goes on over the rounds. */
export const producersOf = (ledger: Ledger, random: Random): Step[] => {
  const { standard, topic, announced, worked, stream, fifo } = ledger.acknowledged;
  const ordered = (text: string): void => {
    fifo.add(text);
    ledger.recent.add(text);
  };
  const orderly = (text: string): void => {
    announced.add(text);
    ledger.recentlyAnnounced.add(text);
  };
  return [
    ...['a', 'b'].map((name) => sender(random, name, standard, toQueue('standard'))),
    ...['c', 'd'].map((name) => sender(random, name, worked, toQueue('worked'))),
    ...['e', 'f'].map((name) => sender(random, name, topic, toTopic)),
    ...['g', 'h', 'i'].map((name) => insistent(random, name, ordered, (...call) => toFifo(...call))),
    ...['j', 'k', 'l', 'm'].map((name) => insistent(random, name, (text) => stream.add(text), toStream)),
    ...['n', 'o'].map((name) => insistent(random, name, orderly, (...call) => toOrderedTopic(...call))),
    consumer(ledger),
  ];
};
