import { at, type Scripts } from '../replay.ts';
import { post } from '../wire/http.ts';
import { allow, SnsSteps, snsAnswer } from '../wire/sns.ts';
import { SqsSteps } from '../wire/sqs.ts';

const MOST = 262_144;
const one = { attr1: { DataType: 'Number', StringValue: '1' } };
const ONE_BYTES = 'attr1Number1'.length;
const binary = Buffer.from([2, 3, 4]).toString('base64');
const trace = 'Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1';

/** Attributes that a message must not have, by the label of the recording. */
const wrongAttributes = {
  missing_string_attr: { attr1: { DataType: 'String', StringValue: '' } },
  fully_missing_string_attr: { attr1: { DataType: 'String' } },
  fully_missing_data_type: { attr1: { StringValue: 'value' } },
  missing_binary_attr: { attr1: { DataType: 'Binary', BinaryValue: '' } },
  str_attr_binary_value: { attr1: { DataType: 'String', BinaryValue: 'MTIz' } },
  int_attr_binary_value: { attr1: { DataType: 'Number', BinaryValue: 'MTIz' } },
  binary_attr_string_value: { attr1: { DataType: 'Binary', StringValue: '123' } },
  invalid_attr_string_value: { attr1: { DataType: 'InvalidType', StringValue: '123' } },
  too_long_name: { ['a'.repeat(257)]: { DataType: 'String', StringValue: '123' } },
  invalid_name: { 'a^*?': { DataType: 'String', StringValue: '123' } },
  invalid_name_2: { '.abc': { DataType: 'String', StringValue: '123' } },
  invalid_name_3: { 'abc.': { DataType: 'String', StringValue: '123' } },
  invalid_name_4: { 'a..bc': { DataType: 'String', StringValue: '123' } },
};

/** Publish and PublishBatch: what is accepted, and what is refused how. */
export const publishing: Scripts = {
  test_publish_by_path_parameters: async (replay) => {
    const sns = new SnsSteps(replay);
    const sqs = new SqsSteps(replay);
    const topic = await sns.topic();
    const queue = await sqs.queue();
    await sns.subscribeQueue(sqs, topic, queue);
    const query = new URLSearchParams({
      Action: 'Publish',
      Version: '2010-03-31',
      TopicArn: topic,
      Message: 'test message direct post request',
    });
    const { status, text } = await post(`${replay.endpoint}/?${query}`, 'sns', {}, '');
    const { ResponseMetadata, ...PublishResult } = snsAnswer(status, text, 'PublishResult');
    replay.note('post-request', { PublishResponse: { PublishResult, ResponseMetadata } });
    replay.note('messages', await sqs.receive(queue, { VisibilityTimeout: 0, WaitTimeSeconds: 5 }));
  },
  test_publish_wrong_arn_format: async (replay) => {
    const sns = new SnsSteps(replay);
    replay.note('invalid-topic-arn', await sns.publish('randomstring', 'Good news'));
    replay.note('invalid-topic-arn-1', await sns.publish('randomstring:1', 'Good news'));
    replay.note('empty-topic', await sns.publish('', 'Good news'));
  },
  test_publish_message_by_target_arn: async (replay) => {
    const sns = new SnsSteps(replay);
    const sqs = new SqsSteps(replay);
    const topic = await sns.topic();
    const queue = await sqs.queue();
    await sns.subscribeQueue(sqs, topic, queue);
    await sns.publish(topic, 'test-msg-1');
    const received = await sqs.receive(queue, { MessageAttributeNames: ['All'], WaitTimeSeconds: 4 });
    replay.note('receive-topic-arn', received);
    await sqs.delete(queue, received);
    await sns.call('Publish', { TargetArn: topic, Message: 'test-msg-2' });
    const second = await sqs.receive(queue, { MessageAttributeNames: ['All'], WaitTimeSeconds: 4 });
    replay.note('receive-target-arn', second);
  },
  test_publish_message_before_subscribe_topic: async (replay) => {
    const sns = new SnsSteps(replay);
    const sqs = new SqsSteps(replay);
    const topic = await sns.topic();
    const before = await sns.publish(topic, 'test_message_before', { Subject: 'test-subject-before-sub' });
    replay.note('publish-before-subscribing', before);
    const queue = await sqs.queue();
    await sns.subscribeQueue(sqs, topic, queue);
    const after = await sns.publish(topic, 'test_message_after', { Subject: 'test-subject-after-sub' });
    replay.note('publish-after-subscribing', after);
    replay.note('receive-messages', await sqs.receive(queue, { WaitTimeSeconds: 5 }));
  },
  test_unknown_topic_publish: async (replay) => {
    const sns = new SnsSteps(replay);
    const topic = await sns.topic();
    replay.note('success', await sns.publish(topic, 'This is a test message'));
    replay.note('error', await sns.publish(`${topic}-fake`, 'This is a test message'));
  },
  test_publish_with_empty_subject: async (replay) => {
    const sns = new SnsSteps(replay);
    const topic = await sns.topic();
    const message = JSON.stringify({ message: 'test_publish' });
    replay.note('response-without-subject', await sns.publish(topic, message));
    replay.note('response-with-empty-subject', await sns.publish(topic, message, { Subject: '' }));
  },
  test_empty_sns_message: async (replay) => {
    const sns = new SnsSteps(replay);
    const sqs = new SqsSteps(replay);
    const topic = await sns.topic();
    const queue = await sqs.queue();
    await sns.subscribeQueue(sqs, topic, queue);
    replay.note('empty-msg-error', await sns.publish(topic, ''));
    replay.note('queue-attrs', await sqs.attributes(queue, ['ApproximateNumberOfMessages']));
  },
  test_publish_too_long_message: async (replay) => {
    const sns = new SnsSteps(replay);
    const topic = await sns.topic();
    replay.note('error', await sns.publish(topic, 'This is a test message'.repeat(12_000)));
    const message = 'a'.repeat(MOST - ONE_BYTES + 1);
    replay.note('error-with-attrs', await sns.publish(topic, message, { MessageAttributes: one }));
  },
  test_publish_batch_too_long_message: async (replay) => {
    const sns = new SnsSteps(replay);
    const topic = await sns.topic();
    const halves = [
      { Id: '1', Message: 'a'.repeat(MOST / 2) },
      { Id: '2', Message: 'b'.repeat(MOST / 2 + 1) },
    ];
    replay.note('error-no-attrs', await sns.publishBatch(topic, halves));
    const full = { Id: '1', Message: 'a'.repeat(MOST - ONE_BYTES), MessageAttributes: one };
    replay.note('error-with-attrs', await sns.publishBatch(topic, [full, { Id: '2', Message: 'b' }]));
  },
  test_publish_batch_invalid_entry_id: async (replay) => {
    const sns = new SnsSteps(replay);
    const topic = await sns.topic();
    for (const [label, Id] of [
      ['invalid-char-dot', 'message.id'],
      ['invalid-char-special', 'msg@123#test'],
      ['id-too-long-81', 'a'.repeat(81)],
      ['id-too-long-91', `my${'really'.repeat(13)}longid`],
      ['valid-id-80-chars', 'a'.repeat(80)],
      ['valid-id-with-hyphen-underscore', 'valid-message_123'],
    ] as const)
      replay.note(label, await sns.publishBatch(topic, [{ Id, Message: 'test message' }]));
  },
  test_message_structure_json_exc: async (replay) => {
    const sns = new SnsSteps(replay);
    const topic = await sns.topic();
    const publish = (message: string) => sns.publish(topic, message, { MessageStructure: 'json' });
    replay.note('missing-default-key', await publish(JSON.stringify({ sqs: 'Test message' })));
    replay.note('invalid-json', await publish('{"default": "This is a default message"} }'));
    replay.note('duplicate-json-keys', await publish('{"default": "first", "default": "Duplicate"}'));
    replay.note('key-is-not-string', await publish(JSON.stringify({ default: { object: 'test' } })));
  },
  test_publish_batch_messages_without_topic: async (replay) => {
    const sns = new SnsSteps(replay);
    const topic = `${await sns.topic()}fake-topic`;
    const entry = { Id: '1', Message: 'Test Message with two attributes', Subject: 'Subject' };
    replay.note('publish-batch-no-topic', await sns.publishBatch(topic, [entry]));
  },
  test_publish_batch_exceptions: async (replay) => {
    const sns = new SnsSteps(replay);
    const topic = await sns.topic({ FifoTopic: 'true' });
    const many = Array.from({ length: 11 }, (_, index) => ({
      Id: `Id_${index}`,
      Message: 'Too many messages',
    }));
    const twice = [1, 2].map(() => ({ Id: '1', Message: 'Messages with the same ID' }));
    const json = { Id: '1', Message: JSON.stringify({ sqs: 'test sqs' }), MessageStructure: 'json' };
    replay.note('no-group-id', await sns.publishBatch(topic, [{ Id: '1', Message: 'without Group ID' }]));
    replay.note('too-many-msg', await sns.publishBatch(topic, many));
    replay.note('same-msg-id', await sns.publishBatch(topic, twice));
    const grouped = { Id: '1', Message: 'without MessageDeduplicationId', MessageGroupId: 'msg1' };
    replay.note('no-dedup-id', await sns.publishBatch(topic, [grouped]));
    replay.note('no-default-key-json', await sns.publishBatch(topic, [json]));
  },
  test_empty_or_wrong_message_attributes: async (replay) => {
    const sns = new SnsSteps(replay);
    const topic = await sns.topic();
    for (const [label, MessageAttributes] of Object.entries(wrongAttributes)) {
      replay.note(label, await sns.publish(topic, 'test message', { MessageAttributes }));
      const entries = [
        { Id: '1', Message: 'test-batch', MessageAttributes },
        { Id: '3', Message: 'valid-batch' },
      ];
      replay.note(`batch-${label}`, await sns.publishBatch(topic, entries));
    }
  },
  test_message_attributes_prefixes: async (replay) => {
    const sns = new SnsSteps(replay);
    const topic = await sns.topic();
    for (const [label, DataType] of [
      ['publish-error', 'String.'],
      ['publish-error-2', 'Stringprefixed'],
      ['publish-ok-1', 'String.prefixed'],
      ['publish-ok-2', 'String.  prefixed.'],
    ] as const) {
      const MessageAttributes = { attr1: { DataType, StringValue: 'prefixed-1' } };
      replay.note(label, await sns.publish(topic, 'test message', { MessageAttributes }));
    }
  },
  test_publish_sqs_from_sns_with_xray_propagation: async (replay) => {
    const sns = new SnsSteps(replay);
    const sqs = new SqsSteps(replay);
    const topic = await sns.topic();
    const queue = await sqs.queue();
    await sns.subscribeQueue(sqs, topic, queue);
    const input = { TargetArn: topic, Message: 'X-Ray propagation test msg' };
    await sns.call('Publish', input, { 'x-amzn-trace-id': trace });
    const names = { AttributeNames: ['SentTimestamp', 'AWSTraceHeader'], MessageAttributeNames: ['All'] };
    replay.note('xray-msg', at(await sqs.receive(queue, { ...names, WaitTimeSeconds: 2 }), 'Messages', 0));
  },
  test_publish_message_group_id: async (replay) => {
    const sns = new SnsSteps(replay);
    const sqs = new SqsSteps(replay);
    const topic = await sns.topic();
    const queue = await sqs.queue();
    await sns.subscribeQueue(sqs, topic, queue);
    const text = 'test signature value with attributes';
    await sns.publish(topic, text, { MessageGroupId: 'my-group-id-1', MessageAttributes: one });
    replay.note('messages', await sqs.receive(queue, { ...all, WaitTimeSeconds: 5 }));
  },
  test_redrive_policy_sqs_queue_subscription: async (replay) => {
    const sns = new SnsSteps(replay);
    const sqs = new SqsSteps(replay, 'json');
    const topic = await sns.topic();
    const queue = await sqs.queue();
    const subscription = await sns.subscribeQueue(sqs, topic, queue);
    const deadLetters = await sqs.queue();
    const deadLetterTargetArn = await sqs.arn(deadLetters);
    await sns.set(subscription, 'RedrivePolicy', { deadLetterTargetArn });
    if (replay.parameters === 'True') await sns.set(subscription, 'RawMessageDelivery', 'true');
    await allow(sqs, deadLetters, deadLetterTargetArn, topic);
    await sqs.call('DeleteQueue', { QueueUrl: queue });
    const MessageAttributes = {
      attr1: { DataType: 'Number', StringValue: '111' },
      attr2: { DataType: 'Binary', BinaryValue: binary },
    };
    await sns.publish(topic, 'test_dlq_after_sqs_endpoint_deleted', { MessageAttributes });
    replay.note('messages', withBytes(await sqs.receive(deadLetters, { ...all, WaitTimeSeconds: 5 })));
  },
};

export const all = { AttributeNames: ['All'], MessageAttributeNames: ['All'] };

/** Binary values of messages are recorded as Python shows them; those inside a notification stay base64. */
export const withBytes = (received: Readonly<Record<string, unknown>>): unknown =>
  JSON.parse(
    JSON.stringify(received).replaceAll(
      `"BinaryValue":"${binary}"`,
      `"BinaryValue":"b'\\\\x02\\\\x03\\\\x04'"`,
    ),
  );

export const binaryAttribute = { DataType: 'Binary', BinaryValue: binary };
