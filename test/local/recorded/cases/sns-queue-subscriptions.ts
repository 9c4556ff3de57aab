import { at, type Scripts } from '../replay.ts';
import { allow, SnsSteps } from '../wire/sns.ts';
import { SqsSteps } from '../wire/sqs.ts';
import { all, binaryAttribute, withBytes } from './sns-publishing.ts';
import { byBody, number, subscribed } from './sns-subscription-steps.ts';

/** What reaches the queues that are subscribed. */
export const queueSubscriptions: Scripts = {
  test_subscribe_sqs_queue: async (replay) => {
    const { sns, topic, subscription, receive } = await subscribed(replay);
    await sns.set(subscription, 'FilterPolicy', { attr1: [{ numeric: ['>', 0, '<=', 100] }] });
    replay.note('subscription-attributes', await sns.attributes(subscription));
    await sns.publish(topic, 'This is a test message', { MessageAttributes: number('99.12') });
    replay.note('messages', await receive());
  },
  test_publish_unicode_chars: async (replay) => {
    const { sns, topic, receive } = await subscribed(replay);
    await sns.publish(topic, 'ö§a1"_!?,. £$-');
    replay.note('received-message', await receive());
  },
  test_attribute_raw_subscribe: async (replay) => {
    const { sns, topic, subscription, receive } = await subscribed(replay, { RawMessageDelivery: 'true' });
    replay.note('subscription-attributes', await sns.attributes(subscription));
    await sns.publish(topic, 'This is a test message', { MessageAttributes: { store: binaryAttribute } });
    replay.note('messages-response', withBytes(await receive()));
  },
  test_sqs_topic_subscription_confirmation: async (replay) => {
    const { sns, subscription } = await subscribed(replay);
    replay.note('subscription-attrs', at(await sns.attributes(subscription), 'Attributes'));
  },
  test_publish_sqs_from_sns: async (replay) => {
    const { sns, sqs, topic, queue, subscription, receive } = await subscribed(replay);
    await sns.set(subscription, 'RawMessageDelivery', 'true');
    replay.note('sub-attrs-raw-true', await sns.attributes(subscription));
    await sns.publish(topic, 'Test msg', { MessageAttributes: number('99.12') });
    const raw = await receive();
    replay.note('message-raw-true', raw);
    await sqs.delete(queue, raw);
    await sns.set(subscription, 'RawMessageDelivery', 'false');
    replay.note('sub-attrs-raw-false', await sns.attributes(subscription));
    await sns.publish(topic, 'Test msg', { MessageAttributes: number('100.12') });
    replay.note('message-raw-false', await receive());
  },
  test_publish_batch_messages_from_sns_to_sqs: async (replay) => {
    const { sns, sqs, topic, queue, subscription } = await subscribed(replay);
    await sns.set(subscription, 'RawMessageDelivery', 'true');
    replay.note('sub-attrs-raw-true', await sns.attributes(subscription));
    const two = { ...number('99.12'), attr2: { DataType: 'Number', StringValue: '109.12' } };
    const json = JSON.stringify({ default: 'test default', sqs: 'test sqs' });
    const answer = await sns.publishBatch(topic, [
      { Id: '1', Message: 'Test Message with two attributes', Subject: 'Subject', MessageAttributes: two },
      {
        Id: '2',
        Message: 'Test Message with one attribute',
        Subject: 'Subject',
        MessageAttributes: number('19.12'),
      },
      { Id: '3', Message: 'Test Message without attribute', Subject: 'Subject' },
      { Id: '4', Message: 'Test Message without subject' },
      { Id: '5', Message: json, MessageStructure: 'json' },
    ]);
    replay.note('publish-batch', answer);
    replay.note('messages', { Messages: byBody(await sqs.collect(queue, 5, all)) });
  },
  test_message_attributes_not_missing: async (replay) => {
    const { sns, sqs, topic, queue, subscription } = await subscribed(replay, { RawMessageDelivery: 'true' });
    const MessageAttributes = {
      'an-attribute-key': { DataType: 'String', StringValue: 'an-attribute-value' },
      'binary-attribute': binaryAttribute,
    };
    replay.note('publish-msg-raw', await sns.publish(topic, 'text', { MessageAttributes }));
    const raw = await sqs.receive(queue, { ...all, WaitTimeSeconds: 3 });
    replay.note('raw-delivery-msg-attrs', withBytes(raw));
    await sqs.delete(queue, raw);
    await sns.set(subscription, 'RawMessageDelivery', 'false');
    replay.note('publish-msg-json', await sns.publish(topic, 'text', { MessageAttributes }));
    replay.note('json-delivery-msg-attrs', await sqs.receive(queue, { ...all, WaitTimeSeconds: 3 }));
  },
  test_subscription_after_failure_to_deliver: async (replay) => {
    const { sns, sqs, topic, queue, subscription } = await subscribed(replay);
    const deadLetters = await sqs.queue();
    const deadLetterTargetArn = await sqs.arn(deadLetters);
    await allow(sqs, deadLetters, deadLetterTargetArn, topic);
    replay.note('subscriptions-attrs', await sns.attributes(subscription));
    await sns.publish(topic, 'test_dlq_before_sqs_endpoint_deleted');
    replay.note('messages-before-delete', await sqs.receive(queue, { WaitTimeSeconds: 4 }));
    await sqs.call('DeleteQueue', { QueueUrl: queue });
    await sns.publish(topic, 'test_dlq_after_sqs_endpoint_deleted');
    await replay.pass(0);
    replay.note('subscriptions', await sns.call('ListSubscriptionsByTopic', { TopicArn: topic }));
    await sns.set(subscription, 'RedrivePolicy', { deadLetterTargetArn });
    replay.note('subscriptions-attrs-with-redrive', await sns.attributes(subscription));
    for (const index of [0, 1]) {
      await sns.publish(topic, `test_dlq_after_sqs_endpoint_deleted_${index}`);
      const received = await sqs.receive(deadLetters, { WaitTimeSeconds: 4 });
      await sqs.delete(deadLetters, received);
      replay.note(`message-${index}-after-delete`, received);
    }
  },
  test_message_structure_json_to_sqs: async (replay) => {
    const { sns, sqs, topic, queue, receive } = await subscribed(replay);
    const publish = (sqsField: unknown) =>
      sns.publish(topic, JSON.stringify({ default: 'default field', sqs: sqsField }), {
        MessageStructure: 'json',
      });
    await publish('{"field": "value"}');
    const received = await receive();
    replay.note('get-msg-json-sqs', received);
    await sqs.delete(queue, received);
    await publish({ field: 'value' });
    replay.note('get-msg-json-default', await receive());
  },
  test_publish_sqs_verify_signature: async (replay) => {
    const sns = new SnsSteps(replay);
    const sqs = new SqsSteps(replay, 'json');
    const topic = await sns.topic({ DisplayName: 'TestTopicSignature', SignatureVersion: replay.parameters });
    const queue = await sqs.queue();
    await sns.subscribeQueue(sqs, topic, queue);
    await sns.publish(topic, 'test signature value with attributes', { MessageAttributes: number('1') });
    replay.note('messages', await sqs.receive(queue, { ...all, WaitTimeSeconds: 4 }));
  },
};
