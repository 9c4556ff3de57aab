import { type Replay, type Scripts, textAt, worked } from '../replay.ts';
import { allow, SnsSteps } from '../wire/sns.ts';
import { SqsSteps } from '../wire/sqs.ts';
import { all } from './sns-publishing.ts';

type Attributes = Readonly<Record<string, string>>;

const byContent = { ContentBasedDeduplication: 'true' };
const GROUP = 'message-group-id-1';

const fifo = async (
  replay: Replay,
  topicAttributes: Attributes,
  queueAttributes: Attributes,
  raw = false,
) => {
  const sns = new SnsSteps(replay);
  const sqs = new SqsSteps(replay, 'json');
  const topic = await sns.topic({ FifoTopic: 'true', ...topicAttributes });
  replay.note('topic-attrs', await sns.call('GetTopicAttributes', { TopicArn: topic }));
  const queue = await sqs.fifo(queueAttributes);
  const subscription = await sns.subscribeQueue(sqs, topic, queue, raw ? { RawMessageDelivery: 'true' } : {});
  return { sns, sqs, topic, queue, subscription };
};

const entries = (ids: (index: number) => object) =>
  [
    {
      Message: 'Test Message with two attributes',
      MessageAttributes: {
        attr1: { DataType: 'Number', StringValue: '99.12' },
        attr2: { DataType: 'Number', StringValue: '109.12' },
      },
    },
    {
      Message: 'Test Message with one attribute',
      MessageAttributes: { attr1: { DataType: 'Number', StringValue: '19.12' } },
    },
    { Message: 'Test Message without attribute' },
  ].map((entry, index) => ({
    Id: String(index + 1),
    MessageGroupId: 'complexMessageGroupId',
    Subject: 'Subject',
    ...entry,
    ...ids(index),
  }));

/** The same message twice within the window of deduplication: the second is not to come. */
const publishTwice = async (
  replay: Replay,
  { sns, sqs, topic, queue }: { sns: SnsSteps; sqs: SqsSteps; topic: string; queue: string },
  ids: Readonly<Record<string, string>>,
): Promise<void> => {
  const message = { MessageGroupId: GROUP, ...ids };
  await sns.publish(topic, 'Test', message);
  const received = await sqs.receive(queue, { AttributeNames: ['All'], WaitTimeSeconds: 4 });
  replay.note('messages', received);
  await sqs.delete(queue, received);
  await sns.publish(topic, 'Test', message);
  replay.note('dedup-messages', await sqs.receive(queue, { AttributeNames: ['All'] }));
};

/** FIFO topics: order, deduplication, dead letters. */
export const fifoTopics: Scripts = {
  test_message_to_fifo_sqs: async (replay) => {
    const contents = replay.parameters === 'True' ? byContent : undefined;
    const { sns, sqs, topic, queue } = await fifo(replay, contents ?? {}, contents ?? {});
    await publishTwice(
      replay,
      { sns, sqs, topic, queue },
      contents ? {} : { MessageDeduplicationId: 'message-deduplication-id-1' },
    );
  },
  test_fifo_topic_to_regular_sqs: async (replay) => {
    const contents = replay.parameters === 'True';
    const sns = new SnsSteps(replay);
    const sqs = new SqsSteps(replay, 'json');
    const topic = await sns.topic({ FifoTopic: 'true', ...(contents && byContent) });
    const queue = await sqs.queue();
    await sns.subscribeQueue(sqs, topic, queue);
    await publishTwice(
      replay,
      { sns, sqs, topic, queue },
      contents ? {} : { MessageDeduplicationId: 'message-deduplication-id-1' },
    );
  },
  test_validations_for_fifo: async (replay) => {
    const sns = new SnsSteps(replay);
    const sqs = new SqsSteps(replay);
    const topic = await sns.topic();
    const fifoTopic = await sns.topic({ FifoTopic: 'true' });
    const fifoQueue = await sqs.fifo();
    const queue = await sqs.queue();
    replay.note('not-fifo-topic', await sns.subscribe(topic, 'sqs', await sqs.arn(fifoQueue)));
    const standard = await sns.subscribeQueue(sqs, fifoTopic, queue);
    const attributes = (await sns.attributes(standard)).Attributes;
    replay.note('not-fifo-queue', attributes);
    const plain = { deadLetterTargetArn: await sqs.arn(await sqs.queue()) };
    worked(await sns.set(standard, 'RedrivePolicy', plain));
    const subscription = await sns.subscribeQueue(sqs, fifoTopic, fifoQueue);
    const refused = await sns.set(subscription, 'RedrivePolicy', {
      deadLetterTargetArn: await sqs.arn(queue),
    });
    replay.note('regular-queue-for-dlq-of-fifo-topic', refused);
    replay.note('no-msg-group-id', await sns.publish(fifoTopic, 'test'));
    replay.note('no-dedup-policy', await sns.publish(fifoTopic, 'test', { MessageGroupId: 'group' }));
    const withId = await sns.publish(topic, 'test', { MessageDeduplicationId: 'id' });
    replay.note('no-msg-dedup-regular-topic', withId);
  },
  test_publish_fifo_messages_to_dlq: async (replay) => {
    const { sns, sqs, topic, queue, subscription } = await fifo(replay, {}, {}, replay.parameters === 'True');
    const deadLetters = await sqs.fifo();
    const deadLetterTargetArn = await sqs.arn(deadLetters);
    await sns.set(subscription, 'RedrivePolicy', { deadLetterTargetArn });
    await allow(sqs, deadLetters, deadLetterTargetArn, topic);
    await sqs.call('DeleteQueue', { QueueUrl: queue });
    const ids = (index: number) => ({ MessageDeduplicationId: `MessageDeduplicationId-${index + 1}` });
    replay.note('publish-batch-response-fifo', await sns.publishBatch(topic, entries(ids)));
    const received = await sqs.collect(deadLetters, 3, { ...all, VisibilityTimeout: 1 });
    replay.note('batch-messages-in-dlq', { Messages: received });
    const published = await sns.publish(topic, 'test-message', {
      MessageGroupId: GROUP,
      MessageDeduplicationId: 'message-deduplication-id-1',
    });
    replay.note('publish-response-fifo', published);
    replay.note('messages-in-dlq', { Messages: await sqs.collect(deadLetters, 1, all) });
  },
  test_publish_batch_messages_from_fifo_topic_to_fifo_queue: async (replay) => {
    const contents = replay.parameters === 'True';
    const attributes: Attributes = contents ? byContent : {};
    const { sns, sqs, topic, queue, subscription } = await fifo(replay, attributes, attributes);
    await sns.set(subscription, 'RawMessageDelivery', 'true');
    replay.note('sub-attrs-raw-true', await sns.attributes(subscription));
    const ids = (index: number) =>
      contents ? {} : { MessageDeduplicationId: `MessageDeduplicationId-${index}` };
    replay.note('publish-batch-response-fifo', await sns.publishBatch(topic, entries(ids)));
    const received = await sqs.collect(queue, 3, { ...all, VisibilityTimeout: 10 });
    replay.note('messages', { Messages: received });
    for (const message of received)
      await sqs.call('DeleteMessage', { QueueUrl: queue, ReceiptHandle: textAt(message, 'ReceiptHandle') });
    replay.note('republish-batch-response-fifo', await sns.publishBatch(topic, entries(ids)));
    replay.note('duplicate-messages', await sqs.receive(queue, all));
  },
  test_publish_to_fifo_topic_to_sqs_queue_no_content_dedup: async (replay) => {
    const { sns, sqs, topic, queue } = await fifo(replay, byContent, {}, replay.parameters === 'True');
    for (let turn = 0; turn < 2; turn += 1) {
      await sns.publish(topic, 'Test single', { MessageGroupId: GROUP });
      await sns.publishBatch(topic, [{ Id: '1', Message: 'Test batched', MessageGroupId: GROUP }]);
    }
    const received = await sqs.collect(queue, 2, { ...all, VisibilityTimeout: 10 });
    const id = (message: unknown) => textAt(message, 'Attributes', 'MessageDeduplicationId');
    replay.note('messages', { Messages: received.sort((a, b) => (id(a) < id(b) ? -1 : 1)) });
  },
  test_publish_to_fifo_topic_deduplication_on_topic_level: async (replay) => {
    const { sns, sqs, topic, queue } = await fifo(replay, byContent, {});
    await sns.publish(topic, 'Test', { MessageGroupId: GROUP });
    await sns.publish(topic, 'Test', { MessageGroupId: 'message-group-id-2' });
    const received = await sqs.receive(queue, { AttributeNames: ['All'], WaitTimeSeconds: 4 });
    replay.note('messages', received);
    await sqs.delete(queue, received);
    replay.note('dedup-messages', await sqs.receive(queue, { AttributeNames: ['All'] }));
  },
  test_message_to_fifo_sqs_ordering: async (replay) => {
    const { sns, sqs, topic, queue } = await fifo(replay, byContent, byContent, true);
    for (let index = 0; index < 10; index += 1)
      await sns.publish(topic, String(index), { MessageGroupId: GROUP });
    const bodies = (await sqs.collect(queue, 10)).map((message) => textAt(message, 'Body'));
    if (bodies.join() !== '0,1,2,3,4,5,6,7,8,9') throw new Error(`received in the order ${bodies.join()}`);
  },
};
