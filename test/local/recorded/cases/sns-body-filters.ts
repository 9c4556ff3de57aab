import { pythonJson, type Scripts } from '../replay.ts';
import {
  expectNothing,
  filtered,
  fromAddress,
  raw,
  s3Event,
  throughBody,
  values,
} from './sns-filter-steps.ts';
import { all } from './sns-publishing.ts';
import { byBody } from './sns-subscription-steps.ts';

/** Filter policies on the bodies of messages. */
export const bodyFilters: Scripts = {
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
};
