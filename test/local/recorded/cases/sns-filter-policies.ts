import { listAt, pythonJson, type Replay, type Scripts } from '../replay.ts';
import { SnsSteps } from '../wire/sns.ts';
import { SqsSteps } from '../wire/sqs.ts';
import { all } from './sns-publishing.ts';
import { byBody, subscribed } from './sns-subscriptions.ts';

const numbered = (name: string, StringValue: string) => ({
  MessageAttributes: { [name]: { DataType: 'Number', StringValue } },
});
const range = { attr1: [{ numeric: ['>', 0, '<=', 100] }] };
const raw = { RawMessageDelivery: 'true' };
const values = (count: number) => Array.from({ length: count }, (_, index) => `value${index}`);

/** A queue that gets what the policy lets through of the messages' bodies. */
const filtered = async (replay: Replay, policy: object, scope = 'MessageBody', more = {}) => {
  const attributes = { ...more, FilterPolicyScope: scope, FilterPolicy: JSON.stringify(policy) };
  return subscribed(replay, attributes);
};

const throughBody = async (replay: Replay, label: string, policy: object, messages: readonly object[]) => {
  const { sns, sqs, topic, queue } = await filtered(replay, policy, 'MessageBody', raw);
  for (const message of messages) await sns.publish(topic, pythonJson(message));
  replay.note(label, { Messages: byBody(await sqs.collect(queue, messages.length, all)) });
};

/** Subscribes with each policy, and notes each refusal; a queue stands for the recorded phone. */
const refusals = async (
  replay: Replay,
  policies: Readonly<Record<string, object>>,
  scope = 'MessageAttributes',
) => {
  const sns = new SnsSteps(replay);
  const sqs = new SqsSteps(replay);
  const topic = await sns.topic();
  const queue = await sqs.arn(await sqs.queue());
  for (const [label, policy] of Object.entries(policies)) {
    const attributes = { FilterPolicy: pythonJson(policy), FilterPolicyScope: scope };
    replay.note(label, await sns.subscribe(topic, 'sqs', queue, attributes));
  }
};

const key = (condition: unknown) => ({ key: condition });
const numeric = (...condition: readonly unknown[]) => key([{ numeric: condition }]);

const s3Event = (eventName: string, object: unknown) => ({
  eventSource: 'aws:s3',
  eventTime: '2022-11-21T03:41:29.743Z',
  eventName,
  s3: { bucket: { name: 'insurance-bucket-demo', arn: 'arn:aws:s3:::insurance-bucket-demo' }, object },
});

const fromAddress = (id: string, detail: object) => ({
  id,
  source: 'test-source',
  'detail-type': 'test-detail-type',
  account: '123456789012',
  region: 'my-region',
  time: '2022-07-13T13:48:01Z',
  detail,
});

/** Filter policies: which are refused how, and what they let through. */
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
  test_filter_policy_on_message_body: async (replay) => {
    const policy = {
      object: { key: [{ prefix: 'auto-' }, 'hardcodedvalue'], nested_key: [{ exists: false }] },
      test: [{ exists: false }],
    };
    const { sns, sqs, topic, queue, subscription } = await filtered(replay, policy);
    if (replay.parameters === 'True') await sns.set(subscription, 'RawMessageDelivery', 'true');
    replay.note('recv-init', await sqs.receive(queue));
    for (const [index, name] of ['auto-test', 'hardcodedvalue'].entries()) {
      await sns.publish(topic, pythonJson({ object: { key: name } }));
      const received = await sqs.receive(queue, { WaitTimeSeconds: 2 });
      replay.note(`recv-passed-msg-${index}`, received);
      await sqs.delete(queue, received);
    }
    for (const message of [
      { object: { key: 'test-auto' } },
      { object: { key: 'auto-test' }, test: 'just-exists' },
      { object: { key: 'auto-test', nested_key: 'just-exists' } },
      { object: { test: 'auto-test' } },
      { test: 'auto-test' },
      'Regular string message',
    ])
      await sns.publish(topic, pythonJson(message));
    await sns.publish(topic, 'Regular string message');
    expectNothing(await sqs.receive(queue, { WaitTimeSeconds: 1 }));
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
  test_filter_policy_on_message_body_dot_attribute: async (replay) => {
    const { sns, sqs, topic, queue, subscription } = await filtered(replay, {
      'object.nested': ['string.value'],
    });
    replay.note('recv-init', await sqs.receive(queue));
    const pass = async (prefix: string, messages: readonly object[]) => {
      for (const [index, message] of messages.entries()) {
        await sns.publish(topic, pythonJson(message));
        const received = await sqs.receive(queue, { WaitTimeSeconds: 2 });
        replay.note(`${prefix}-${index}`, received);
        await sqs.delete(queue, received);
      }
    };
    await pass('recv-nested-msg', [
      { object: { nested: 'string.value' } },
      { 'object.nested': 'string.value' },
    ]);
    await sns.publish(topic, pythonJson({ object: { nested: 'test-auto' } }));
    expectNothing(await sqs.receive(queue, { WaitTimeSeconds: 1 }));
    await sns.set(subscription, 'FilterPolicy', { 'object.nested.test': ['string.value'] });
    await pass('recv-deep-nested-msg', [
      { object: { nested: { test: 'string.value' } } },
      { 'object.nested.test': 'string.value' },
      { 'object.nested': { test: 'string.value' } },
      { object: { 'nested.test': 'string.value' } },
    ]);
    await sns.publish(topic, pythonJson({ object: { nested: { test: 'string.notvalue' } } }));
    expectNothing(await sqs.receive(queue, { WaitTimeSeconds: 1 }));
  },
  test_filter_policy_on_message_body_array_attributes: async (replay) => {
    const { sns, sqs, topic, queue } = await filtered(
      replay,
      { headers: { 'route-to': ['queue1'] } },
      'MessageBody',
      raw,
    );
    const second = await sqs.queue();
    const FilterPolicy = JSON.stringify({ headers: { 'route-to': ['queue2'] } });
    await sns.subscribeQueue(sqs, topic, second, { ...raw, FilterPolicyScope: 'MessageBody', FilterPolicy });
    for (const routes of [['queue3'], ['queue1'], ['queue2'], ['queue1', 'queue2']])
      await sns.publish(topic, pythonJson({ headers: { 'route-to': routes } }));
    for (const [index, url] of [queue, second].entries())
      replay.note(`messages-queue-${index}`, { Messages: byBody(await sqs.collect(url, 2, all)) });
  },
  test_filter_policy_on_message_body_array_of_object_attributes: async (replay) => {
    const auto = { key: 'auto-insurance-2314.xml', size: 17 };
    const home = { key: 'home-insurance-2314.xml', size: 17 };
    const policy = {
      Records: { s3: { object: { key: [{ prefix: 'auto-' }] } }, eventName: [{ prefix: 'ObjectCreated:' }] },
    };
    const several = [
      { eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3: { object: [[auto]] } },
      { eventSource: 'aws:s3', eventName: 'ObjectRemoved:Delete', s3: { object: home } },
    ];
    const { sns, sqs, topic, queue } = await filtered(replay, policy, 'MessageBody', raw);
    for (const Records of [
      several,
      [s3Event('ObjectRemoved:Delete', auto)],
      [s3Event('ObjectCreated:Put', home)],
      [s3Event('ObjectCreated:Put', auto)],
    ])
      await sns.publish(topic, pythonJson({ Records }));
    replay.note('messages', { Messages: byBody(await sqs.collect(queue, 2, all)) });
  },
  test_filter_policy_on_message_body_or_attribute: async (replay) => {
    const policy = {
      $or: [{ metricName: ['CPUUtilization', 'ReadLatency'] }, { namespace: ['AWS/EC2', 'AWS/ES'] }],
      detail: {
        scope: ['Service'],
        $or: [{ source: ['aws.cloudwatch'] }, { type: ['CloudWatch Alarm State Change'] }],
      },
    };
    const alarm = { scope: 'Service', type: 'CloudWatch Alarm State Change' };
    const source = { scope: 'Service', source: 'aws.cloudwatch' };
    await throughBody(replay, 'messages-queue', policy, [
      {
        metricName: 'CPUUtilization',
        detail: { scope: 'aws.cloudwatch', type: 'CloudWatch Alarm State Change' },
      },
      { metricName: 'CPUUtilization', detail: { scope: 'Service', type: 'CPUUtilization' } },
      { metricName: 'CPUUtilization', detail: { type: 'CloudWatch Alarm State Change' } },
      { metricName: 'CPUUtilization', detail: { scope: 'Service' } },
      { metricName: 'CPUUtilization', scope: 'Service' },
      { metricName: 'AWS/EC2', detail: alarm },
      { namespace: 'CPUUtilization', detail: alarm },
      { metricName: 'CPUUtilization', detail: source },
      { metricName: 'ReadLatency', detail: source },
      { namespace: 'AWS/EC2', detail: source },
      { namespace: 'AWS/ES', detail: source },
      { metricName: 'CPUUtilization', detail: alarm },
    ]);
  },
  test_filter_policy_empty_array_payload: async (replay) =>
    throughBody(replay, 'messages-queue', { detail: { eventVersion: [''] } }, [
      {
        version: '0',
        id: '3e3c153a-8339-4e30-8c35-687ebef853fe',
        'detail-type': 'EC2 Instance Launch Successful',
        source: 'aws.autoscaling',
        account: '123456789012',
        time: '2015-11-11T21:31:47Z',
        region: 'my-region',
        resources: [],
        detail: { eventVersion: '', responseElements: null },
      },
    ]),
  test_filter_policy_large_complex_payload: async (replay) => {
    const policy = {
      detail: { 'payload.nested.another-level.deep': { 'inside-list': [{ prefix: 'q-test' }] } },
    };
    const { sns, sqs, topic, queue } = await filtered(replay, policy);
    const wide = Array.from({ length: 400 }, (_, index) => ({ [`field-${index}`]: values(5) }));
    const deep = { 'another-level': { deep: [{ 'inside-list': ['q-other', 'q-test-1'] }, ...wide] } };
    await sns.publish(topic, JSON.stringify({ detail: { payload: { nested: deep }, wide } }));
    if ((await sqs.collect(queue, 1)).length !== 1) throw new Error('the message was filtered out');
  },
  test_filter_policy_ip_address_condition: async (replay) =>
    throughBody(
      replay,
      'messages-queue',
      {
        detail: {
          $or: [
            { sourceIPAddress: [{ cidr: '10.0.0.0/24' }] },
            { sourceIPAddressV6: [{ cidr: '2001:db8:1234:1a00::/64' }] },
          ],
        },
      },
      [
        fromAddress('1', { sourceIPAddress: '10.0.0.255' }),
        fromAddress('2', { sourceIPAddress: '10.0.0.256' }),
        fromAddress('3', { sourceIPAddressV6: '2001:0db8:1234:1a00:0000:0000:0000:0000' }),
        fromAddress('4', { sourceIPAddressV6: '2001:0db8:123f:1a01:0000:0000:0000:0000' }),
      ],
    ),
  test_validate_policy: (replay) =>
    refusals(replay, {
      'error-condition-list': key([['value']]),
      'error-condition-operator': key([{ 'wrong-operator': true }]),
      'error-condition-two-operators': key([{ suffix: 'value', prefix: 'value2' }]),
    }),
  test_validate_policy_string_operators: (replay) =>
    refusals(replay, {
      'error-condition-empty-array': key([]),
      'error-condition-is-numeric': key([{ suffix: 100 }]),
      'error-condition-is-none': key([{ suffix: null }]),
      'error-condition-is-not-list-and-operator': key({ suffix: 'value' }),
      'error-condition-empty-list': key([{ suffix: [] }]),
      'error-condition-list-wrong-type': key([{ suffix: ['test', 'test2'] }]),
      'error-condition-is-not-list-two-ops': key({ suffix: 'value', prefix: 'value' }),
      'error-condition-is-not-list-and-no-operator': key({ 'not-an-operator': 'value' }),
      'error-condition-bad-type': key([{ cidr: ['bad-filter'] }]),
      'error-condition-bad-cidr-str': key([{ cidr: 'bad-filter' }]),
      'error-condition-bad-cidr-str-slash': key([{ cidr: 'bad-filter/64' }]),
      'error-condition-bad-cidr-str-slash-2': key([{ cidr: 'bad-/64filter' }]),
      'error-condition-bad-cidr-v4': key([{ cidr: 'xx.11.xx/8' }]),
      'error-condition-bad-cidr-v6': key([{ cidr: 'xxxx:db8:1234:1a00::/64' }]),
    }),
  test_validate_policy_numeric_operator: (replay) =>
    refusals(replay, {
      'error-numeric-empty': numeric(),
      'error-numeric-wrong-operator': numeric('operator'),
      'error-numeric-operator-order': numeric(1, '<='),
      'error-numeric-type': numeric('=', '000'),
      'error-numeric-missing-value': numeric('>='),
      'error-numeric-wrong-range-order': numeric('<', 100, '>', 10),
      'error-numeric-wrong-range-operators': numeric('>=', 1, '>', 2),
      'error-numeric-wrong-value-order': numeric('>', 3, '<', 1),
      'error-numeric-missing-range-value': numeric('>', 20, '<='),
      'error-numeric-missing-range-operator': numeric('>', 20, 30),
      'error-numeric-wrong-second-range-operator': numeric('>', 20, 'test'),
      'error-numeric-wrong-range-value-1-type': numeric('>', '20', '<', '30'),
      'error-numeric-wrong-range-value-2-type': numeric('>', 20, '<', '30'),
      'error-numeric-too-many-range': numeric('>', 20, '<', 30, '<', 50),
    }),
  test_validate_policy_exists_operator: (replay) =>
    refusals(replay, {
      'error-condition-none': key([{ exists: null }]),
      'error-condition-string': key([{ exists: 'no' }]),
    }),
  test_validate_policy_nested_anything_but_operator: (replay) =>
    refusals(replay, {
      'error-condition-wrong-operator': key([{ 'anything-but': { 'wrong-operator': null } }]),
      'error-condition-anything-but-suffix': key([{ 'anything-but': { suffix: 'test' } }]),
      'error-condition-anything-but-exists': key([{ 'anything-but': { exists: false } }]),
      'error-condition-anything-but-prefix-wrong-type': key([{ 'anything-but': { prefix: false } }]),
    }),
  test_policy_complexity_with_or: async (replay) => {
    const metrics = { metricName: values(6) };
    const ids = { metricType: values(4), $or: [{ metricId: [1, 2, 3, 4] }, { spaceId: [1, 2, 3, 4] }] };
    await refusals(replay, { 'error-complexity-or-flat': { source: values(4), $or: [metrics, ids] } });
    const nested = {
      $or: [{ metricName: values(3) }, { namespace: values(2) }],
      detail: { scope: values(2), $or: [{ source: values(1) }, { type: values(3) }] },
    };
    await refusals(replay, { 'error-complexity-or-nested': nested }, 'MessageBody');
  },
  test_policy_complexity: (replay) =>
    refusals(replay, {
      'error-complexity-in-one-condition': key(values(151)),
      'error-complexity-in-two-conditions': { key1: values(100), key2: values(51) },
      'error-complexity-too-many-fields': Object.fromEntries(values(6).map((value) => [value, [value]])),
    }),
};

const expectNothing = (received: unknown): void => {
  if (listAt(received, 'Messages').length > 0)
    throw new Error('a message passed that the policy filters out');
};
