import { at, listAt, type Scripts, textAt, worked } from '../replay.ts';
import { SnsSteps } from '../wire/sns.ts';
import { SqsSteps } from '../wire/sqs.ts';
import { subscribed, token } from './sns-subscription-steps.ts';

/** Subscriptions and their attributes. */
export const subscriptions: Scripts = {
  test_subscribe_with_invalid_protocol: async (replay) => {
    const sns = new SnsSteps(replay);
    replay.note('exception', await sns.subscribe(await sns.topic(), 'test-protocol', 'somebody@example.com'));
  },
  test_unsubscribe_from_non_existing_subscription: async (replay) => {
    const { sns, subscription: SubscriptionArn } = await subscribed(replay);
    await sns.call('Unsubscribe', { SubscriptionArn });
    replay.note('empty-unsubscribe', await sns.call('Unsubscribe', { SubscriptionArn }));
  },
  test_create_subscriptions_with_attributes: async (replay) => {
    const sns = new SnsSteps(replay);
    const sqs = new SqsSteps(replay);
    const topic = await sns.topic();
    const queue = await sqs.arn(await sqs.queue());
    const filter = { FilterPolicyScope: 'MessageBody', FilterPolicy: '' };
    const subscribe = (RawMessageDelivery: string) =>
      sns.subscribe(topic, 'sqs', queue, { RawMessageDelivery, ...filter });
    replay.note('subscribe-wrong-attr', await subscribe('wrongvalue'));
    const created = await subscribe('TrUe');
    replay.note('subscribe', created);
    const arn = textAt(created, 'SubscriptionArn');
    replay.note('get-attrs', await sns.attributes(arn));
    replay.note('get-attrs-nonexistent-sub', await sns.attributes(`${arn.slice(0, -8)}00000000`));
  },
  test_not_found_error_on_set_subscription_attributes: async (replay) => {
    const sns = new SnsSteps(replay);
    const sqs = new SqsSteps(replay);
    const TopicArn = await sns.topic();
    const created = await sns.subscribe(TopicArn, 'sqs', await sqs.arn(await sqs.queue()));
    replay.note('sub', created);
    const SubscriptionArn = textAt(created, 'SubscriptionArn');
    const list = () => sns.call('ListSubscriptionsByTopic', { TopicArn });
    replay.note('sub-attrs', await sns.attributes(SubscriptionArn));
    replay.note('subscriptions-for-topic-before-unsub', await list());
    await sns.call('Unsubscribe', { SubscriptionArn });
    replay.note('sub-not-found', await sns.set(SubscriptionArn, 'RawMessageDelivery', 'true'));
    replay.note('subscriptions-for-topic-after-unsub', await list());
  },
  test_validate_set_sub_attributes: async (replay) => {
    const { sns, subscription } = await subscribed(replay);
    for (const [label, name, value] of [
      ['fake-attribute', 'FakeAttribute', 'test-value'],
      ['raw-message-wrong-value', 'RawMessageDelivery', 'test-ValUe'],
      ['raw-message-empty-value', 'RawMessageDelivery', ''],
      ['fake-arn-redrive-policy', 'RedrivePolicy', '{"deadLetterTargetArn": "fake-arn"}'],
      ['invalid-json-redrive-policy', 'RedrivePolicy', '{invalidjson}'],
      ['invalid-json-filter-policy', 'FilterPolicy', '{invalidjson}'],
    ] as const)
      replay.note(label, await sns.set(subscription, name, value));
  },
  test_sns_confirm_subscription_wrong_token: async (replay) => {
    const sns = new SnsSteps(replay);
    const TopicArn = await sns.topic();
    const other = `${TopicArn.slice(0, -1)}i`;
    replay.note('topic-not-exists', await sns.call('ConfirmSubscription', { TopicArn: other, Token: token }));
    replay.note('invalid-token', await sns.call('ConfirmSubscription', { TopicArn, Token: 'randomtoken' }));
    replay.note('token-not-exists', await sns.call('ConfirmSubscription', { TopicArn, Token: token }));
  },
  test_list_subscriptions: async (replay) => {
    const { sns, subscription } = await subscribed(replay);
    const found = listAt(await sns.call('ListSubscriptions'), 'Subscriptions').map((item) =>
      at(item, 'SubscriptionArn'),
    );
    if (!found.includes(subscription)) throw new Error('the subscription is not listed');
  },
  test_list_subscriptions_by_topic_pagination: async (replay) => {
    const sns = new SnsSteps(replay);
    const TopicArn = await sns.topic();
    const { region, account } = replay.cloud;
    for (let index = 0; index < 101; index += 1)
      worked(await sns.subscribe(TopicArn, 'sqs', `arn:aws:sqs:${region}:${account}:queue-${index}`));
    const NextToken = textAt(await sns.call('ListSubscriptionsByTopic', { TopicArn }), 'NextToken');
    const second = await sns.call('ListSubscriptionsByTopic', { TopicArn, NextToken });
    replay.note('list-sub-per-topic-page-2', asPhones(second));
  },
  test_subscribe_idempotency: async (replay) => {
    const sns = new SnsSteps(replay);
    const sqs = new SqsSteps(replay);
    const topic = await sns.topic();
    const queue = await sqs.arn(await sqs.queue());
    const subscribe = (attributes: Readonly<Record<string, string>>) =>
      sns.subscribe(topic, 'sqs', queue, attributes);
    const byDefault = { FilterPolicyScope: 'MessageAttributes' };
    const created = await subscribe({ RawMessageDelivery: 'True' });
    replay.note('subscribe', created);
    replay.note('get-sub-attrs', await sns.attributes(textAt(created, 'SubscriptionArn')));
    replay.note('subscribe-exact-same-raw', await subscribe({ RawMessageDelivery: 'true' }));
    replay.note('subscribe-idempotent', await subscribe({ RawMessageDelivery: 'true', ...byDefault }));
    replay.note('subscribe-idempotent-no-attributes', await subscribe({}));
    replay.note('subscribe-idempotent-empty-attributes', await subscribe({}));
    replay.note('subscribe-missing-attributes', await subscribe(byDefault));
    const other = { RawMessageDelivery: 'false', FilterPolicyScope: 'MessageBody' };
    replay.note('subscribe-diff-attributes', await subscribe(other));
  },
  test_unsubscribe_idempotency: async (replay) => {
    const { sns, subscription: SubscriptionArn } = await subscribed(replay);
    replay.note('unsubscribe-1', await sns.call('Unsubscribe', { SubscriptionArn }));
    replay.note('unsubscribe-2', await sns.call('Unsubscribe', { SubscriptionArn }));
  },
  test_unsubscribe_wrong_arn_format: async (replay) => {
    const sns = new SnsSteps(replay);
    const wrong = [
      'randomstring',
      'arn:aws:sns:us-east-1:random',
      'arn:aws:sns:us-east-1:111111111111:random',
    ];
    for (const [index, SubscriptionArn] of wrong.entries())
      replay.note(`invalid-unsubscribe-arn-${index + 1}`, await sns.call('Unsubscribe', { SubscriptionArn }));
    replay.note('invalid-unsubscribe-arn-4', await sns.call('Unsubscribe'));
  },
  test_subscribe_with_invalid_topic: async (replay) => {
    const sns = new SnsSteps(replay);
    const subscribe = (topic: string) => sns.subscribe(topic, 'email', 'somebody@example.com');
    replay.note('invalid-subscribe-arn-1', await subscribe('randomstring'));
    replay.note('invalid-subscribe-arn-2', await subscribe('arn:aws:sns:us-east-1:random'));
    replay.note('non-existent-topic', await subscribe(`${await sns.topic()}aaa`));
  },
  test_subscribe_unknown_topic: async (replay) => {
    const sns = new SnsSteps(replay);
    const { region, account } = replay.cloud;
    const topic = `arn:aws:sns:${region}:${account}:${replay.name()}`;
    replay.note('subscribe-unknown-topic', await sns.subscribe(topic, 'sms', '+1234567890'));
  },
  test_subscribe_unknown_sqs_queue: async (replay) => {
    const sns = new SnsSteps(replay);
    const { region, account } = replay.cloud;
    const topic = await sns.topic();
    const queue = `arn:aws:sqs:${region}:${account}:${replay.name()}`;
    replay.note('subscribe-unknown-sqs', await sns.subscribe(topic, 'sqs', queue));
    replay.note('subscribe-unknown-sqs-invalid_arn', await sns.subscribe(topic, 'sqs', 'unknown'));
  },
  test_subscribe_sqs_queue_url: async (replay) => {
    const sns = new SnsSteps(replay);
    const url = await new SqsSteps(replay).queue();
    replay.note('subscribe-sqs-via-url-error', await sns.subscribe(await sns.topic(), 'sqs', url));
  },
  test_subscribe_to_sqs_with_queue_url: async (replay) => {
    const sns = new SnsSteps(replay);
    const url = await new SqsSteps(replay).queue();
    replay.note('sub-queue-url', await sns.subscribe(await sns.topic(), 'sqs', url));
  },
  test_creating_subscription: async (replay) => {
    const sns = new SnsSteps(replay);
    replay.note('create-subscription', await sns.subscribe(await sns.topic(), 'http', 'http://127.0.0.1:9/'));
  },
  test_unsubscribe_from_deleted_topic: async (replay) => {
    const sns = new SnsSteps(replay);
    const TopicArn = await sns.topic();
    const created = await sns.subscribe(TopicArn, 'http', 'http://127.0.0.1:9/');
    await sns.call('DeleteTopic', { TopicArn });
    const SubscriptionArn = textAt(created, 'SubscriptionArn');
    replay.note('unsubscribe-deleted-topic', await sns.call('Unsubscribe', { SubscriptionArn }));
  },
  test_http_subscription_response: async (replay) => {
    const sns = new SnsSteps(replay);
    const TopicArn = await sns.topic();
    replay.note('topic-arn', { TopicArn });
    replay.note('subscription', await sns.subscribe(TopicArn, 'http', 'http://127.0.0.1:9'));
    const input = {
      TopicArn,
      Protocol: 'http',
      Endpoint: 'http://127.0.0.1:9',
      ReturnSubscriptionArn: 'true',
    };
    replay.note('subscription-with-arn', await sns.call('Subscribe', input));
  },
  test_getting_subscriptions_by_topic: async (replay) => {
    const { sns, topic: TopicArn } = await subscribed(replay);
    replay.note('list-subscriptions-by-topic', await sns.call('ListSubscriptionsByTopic', { TopicArn }));
  },
  test_double_subscription: async (replay) => {
    const sns = new SnsSteps(replay);
    const queue = await new SqsSteps(replay).queue();
    const arn = await new SqsSteps(replay).arn(queue);
    const topic = await sns.topic({}, 'double-sub-befdfdff');
    replay.note('double-subscription-first', await sns.subscribe(topic, 'sqs', arn));
    replay.note('double-subscription-second', await sns.subscribe(topic, 'sqs', arn));
  },
  test_delete_subscriptions_on_delete_topic: async (replay) => {
    const { sns, topic, subscription } = await subscribed(replay, { RawMessageDelivery: 'true' });
    await sns.call('DeleteTopic', { TopicArn: topic });
    replay.note('get-sub-after-topic-delete', await sns.attributes(subscription));
  },
  test_subscribe_attributes: async (replay) => {
    const { sns, subscription } = await subscribed(replay);
    replay.note('get-subscription-attributes', await sns.attributes(subscription));
  },
  test_creating_subscription_with_attributes: async (replay) => {
    const { sns, subscription } = await subscribed(replay, { RawMessageDelivery: 'true' });
    replay.note('subscription-with-attributes', await sns.attributes(subscription));
  },
  test_set_subscription_attributes: async (replay) => {
    const { sns, subscription } = await subscribed(replay);
    await sns.set(subscription, 'RawMessageDelivery', 'true');
    replay.note('set-subscription-attributes', await sns.attributes(subscription));
  },
  test_subscribe_invalid_filter_policy: async (replay) => {
    const sns = new SnsSteps(replay);
    const { region, account } = replay.cloud;
    const queue = `arn:aws:sqs:${region}:${account}:${replay.name()}`;
    const answer = await sns.subscribe(await sns.topic(), 'sqs', queue, { FilterPolicy: 'invalid-json' });
    replay.note('subscribe-invalid-filter-policy', answer);
  },
  test_get_subscription_attributes_error_not_exists: async (replay) => {
    const sns = new SnsSteps(replay);
    const { region, account } = replay.cloud;
    const arn = `arn:aws:sns:${region}:${account}:nonexistent:0f1b2c3d-0000-4000-8000-000000000000`;
    replay.note('get-sub-attrs-nonexistent', await sns.attributes(arn));
  },
};

/** Recorded with phones, replayed with queues: only which page an entry is on is in question. */
const asPhones = (answer: Readonly<Record<string, unknown>>) => ({
  ...answer,
  Subscriptions: listAt(answer, 'Subscriptions').map((item) => ({
    ...Object.fromEntries(Object.entries(item ?? {})),
    Protocol: 'sms',
  })),
});
