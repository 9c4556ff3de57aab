import { listAt, pythonJson, type Scripts } from '../replay.ts';
import { filtered, numbered, range, raw, values } from './sns-filter-steps.ts';
import { subscribed } from './sns-subscription-steps.ts';

/** Filter policies, and what they let through. */
export const filterPolicies: Scripts = {
  test_set_subscription_filter_policy_scope: async (replay) => {
    const { sns, subscription } = await subscribed(replay);
    replay.note('sub-attrs-default', await sns.attributes(subscription));
    await sns.set(subscription, 'FilterPolicyScope', 'MessageBody');
    replay.note('sub-attrs-filter-scope-body', await sns.attributes(subscription));
    const refused = await sns.set(subscription, 'FilterPolicyScope', 'RandomValue');
    replay.note('sub-attrs-filter-scope-error', refused);
    await sns.set(subscription, 'FilterPolicy', { attr: ['match-this'] });
    replay.note('sub-attrs-after-setting-policy', await sns.attributes(subscription));
  },
  test_sub_filter_policy_nested_property: async (replay) => {
    const { sns, subscription } = await subscribed(replay);
    const policy = { object: { key: [{ prefix: 'auto-' }] } };
    replay.note('sub-filter-policy-nested-error', await sns.set(subscription, 'FilterPolicy', policy));
    await sns.set(subscription, 'FilterPolicyScope', 'MessageBody');
    await sns.set(subscription, 'FilterPolicy', policy);
    replay.note('sub-attrs-after-setting-nested-policy', await sns.attributes(subscription));
  },
  test_sub_filter_policy_nested_property_constraints: async (replay) => {
    const { sns, subscription } = await subscribed(replay);
    await sns.set(subscription, 'FilterPolicyScope', 'MessageBody');
    const nested = {
      key_a: { key_b: { key_c: values(4) } },
      key_d: { key_e: values(3) },
      key_f: values(3),
    };
    const tooMany = await sns.set(subscription, 'FilterPolicy', nested);
    replay.note('sub-filter-policy-nested-error-too-many-combinations', tooMany);
    const six = Object.fromEntries([...'abcdef'].map((letter) => [`key_${letter}`, ['value']]));
    replay.note('sub-filter-policy-max-attr-keys', await sns.set(subscription, 'FilterPolicy', six));
    const noList = await sns.set(subscription, 'FilterPolicy', pythonJson({ key_a: 'value_one' }));
    replay.note('sub-filter-policy-rule-no-list', noList);
  },
  test_filter_policy: async (replay) => {
    const { sns, sqs, topic, queue, subscription } = await subscribed(replay);
    const receive = () => sqs.receive(queue, { VisibilityTimeout: 0, WaitTimeSeconds: 1 });
    await sns.set(subscription, 'FilterPolicy', range);
    replay.note('subscription-attributes', await sns.attributes(subscription));
    replay.note('messages-0', await receive());
    await sns.publish(topic, 'This is a test message', numbered('attr1', '99'));
    const first = await receive();
    replay.note('messages-1', first);
    await sns.publish(topic, 'This is another test message', numbered('attr1', '111'));
    replay.note('messages-2', await receive());
    await sqs.delete(queue, first);
    await sns.set(subscription, 'FilterPolicy', { attr1: [null, { 'anything-but': 'whatever' }] });
    replay.note('subscription-attributes-2', await sns.attributes(subscription));
    await sns.publish(topic, 'This the test message for null');
    replay.note('messages-3', await receive());
    await sns.set(subscription, 'FilterPolicy', '');
    await sns.publish(topic, 'This the test message for null');
    replay.note('messages-4', await receive());
  },
  test_exists_filter_policy: async (replay) => {
    const { sns, sqs, topic, queue, subscription } = await subscribed(replay);
    const receive = () => sqs.receive(queue, { VisibilityTimeout: 0, WaitTimeSeconds: 1 });
    const both = {
      MessageAttributes: {
        ...numbered('store', '99').MessageAttributes,
        ...numbered('def', '99').MessageAttributes,
      },
    };
    await sns.set(subscription, 'FilterPolicy', { store: [{ exists: true }] });
    replay.note('subscription-attributes-policy-1', await sns.attributes(subscription));
    replay.note('messages-0', await receive());
    await sns.publish(topic, 'message-1', both);
    const first = await receive();
    replay.note('messages-1', first);
    await sns.publish(topic, 'message-2', numbered('attr1', '111'));
    replay.note('messages-2', await receive());
    await sqs.delete(queue, first);
    await sns.set(subscription, 'FilterPolicy', { store: [{ exists: false }] });
    replay.note('subscription-attributes-policy-2', await sns.attributes(subscription));
    await sns.publish(topic, 'message-3', numbered('def', '99'));
    replay.note('messages-3', await receive());
    await sns.publish(topic, 'message-4', both);
    replay.note('messages-4', await receive());
  },
  test_exists_filter_policy_attributes_array: async (replay) => {
    const { sns, sqs, topic, queue, subscription } = await filtered(
      replay,
      { store: ['value1'] },
      'MessageAttributes',
      raw,
    );
    const text = (StringValue: string, DataType = 'String') => ({
      MessageAttributes: { store: { DataType, StringValue } },
    });
    const receive = async () => {
      const received = await sqs.receive(queue, { WaitTimeSeconds: 1 });
      if (listAt(received, 'Messages').length > 0) await sqs.delete(queue, received);
      return received;
    };
    replay.note('subscription-attributes-policy', await sns.attributes(subscription));
    replay.note('messages-init', await receive());
    await sns.publish(topic, 'message-1', text('value1'));
    replay.note('messages-1', await receive());
    await sns.publish(topic, 'message-2', text('["value1", "value2"]', 'String.Array'));
    replay.note('messages-2', await receive());
    await sns.publish(topic, 'message-3', text('["value2", "value3"]', 'String.Array'));
    replay.note('messages-3', await receive());
  },
  test_filter_policy_for_batch: async (replay) => {
    const { sns, sqs, topic, queue, subscription } = await subscribed(replay);
    const open = await sqs.queue();
    const unfiltered = await sns.subscribeQueue(sqs, topic, open);
    const receive = async (url: string) => {
      const received = await sqs.receive(url, { WaitTimeSeconds: 1 });
      if (listAt(received, 'Messages').length > 0) await sqs.delete(url, received);
      return received;
    };
    await sns.set(subscription, 'FilterPolicy', range);
    replay.note('subscription-attributes-with-filter', await sns.attributes(subscription));
    replay.note('subscription-attributes-no-filter', await sns.attributes(unfiltered));
    replay.note('messages-no-filter-before-publish', await receive(open));
    replay.note('messages-with-filter-before-publish', await receive(queue));
    const publish = (Message: string, value: string) =>
      sns.publishBatch(topic, [{ Id: '1', Message, ...numbered('attr1', value) }]);
    await publish('This is a test message', '99');
    replay.note('messages-no-filter-after-publish-ok', await receive(open));
    replay.note('messages-with-filter-after-publish-ok', await receive(queue));
    await publish('This is another test message', '111');
    replay.note('messages-no-filter-after-publish-ok-1', await receive(open));
    replay.note('messages-with-filter-after-publish-filtered', await receive(queue));
  },
};
