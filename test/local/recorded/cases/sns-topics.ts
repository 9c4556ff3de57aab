import { at, listAt, type Scripts, textAt, worked } from '../replay.ts';
import { SnsSteps } from '../wire/sns.ts';

const sorted = (answer: Readonly<Record<string, unknown>>) => ({
  ...answer,
  Tags: [...listAt(answer, 'Tags')].sort((a, b) => textAt(a, 'Key').localeCompare(textAt(b, 'Key'))),
});

const k1 = { Key: 'k1', Value: 'v1' };
const k2 = { Key: 'k2', Value: 'v2' };

/** Topics: attributes, names, tags, permissions. */
export const topics: Scripts = {
  test_create_topic_with_attributes: async (replay) => {
    const sns = new SnsSteps(replay);
    const TopicArn = await sns.topic({ DisplayName: 'TestTopic', SignatureVersion: '2', FifoTopic: 'true' });
    replay.note('get-topic-attrs', await sns.call('GetTopicAttributes', { TopicArn }));
    const missing = { TopicArn: `${TopicArn.slice(0, -8)}00000000` };
    replay.note('get-attrs-nonexistent-topic', await sns.call('GetTopicAttributes', missing));
    replay.note(
      'get-attrs-malformed-topic',
      await sns.call('GetTopicAttributes', { TopicArn: 'test-topic' }),
    );
  },
  test_tags: async (replay) => {
    const sns = new SnsSteps(replay);
    const ResourceArn = await sns.topic();
    replay.note('duplicate-key-error', await sns.call('TagResource', { ResourceArn, Tags: [k1, k2, k2] }));
    await sns.call('TagResource', { ResourceArn, Tags: [k1, k2] });
    const list = async () => sorted(await sns.call('ListTagsForResource', { ResourceArn }));
    replay.note('list-created-tags', await list());
    await sns.call('UntagResource', { ResourceArn, TagKeys: ['k1'] });
    replay.note('list-after-delete-tags', await list());
    await sns.call('TagResource', { ResourceArn, Tags: [{ Key: 'k2', Value: 'v2b' }] });
    replay.note('list-after-update-tags', await list());
  },
  test_tags_removed_after_deletion: async (replay) => {
    const sns = new SnsSteps(replay);
    const name = replay.name();
    const ResourceArn = await sns.topic({}, name);
    await sns.call('TagResource', { ResourceArn, Tags: [k1, k2] });
    replay.note('list-created-tags', sorted(await sns.call('ListTagsForResource', { ResourceArn })));
    await sns.call('DeleteTopic', { TopicArn: ResourceArn });
    await sns.topic({}, name);
    replay.note('list-empty-tags', await sns.call('ListTagsForResource', { ResourceArn }));
  },
  test_create_topic_test_arn: async (replay) => {
    const sns = new SnsSteps(replay);
    const created = await sns.call('CreateTopic', { Name: 'topic-test-create' });
    replay.note('create-topic', created);
    const TopicArn = textAt(created, 'TopicArn');
    replay.note('get-topic-attrs', await sns.call('GetTopicAttributes', { TopicArn }));
    replay.note('delete-topic', await sns.call('DeleteTopic', { TopicArn }));
    replay.note('topic-not-exists', await sns.call('GetTopicAttributes', { TopicArn }));
  },
  test_delete_topic_idempotency: async (replay) => {
    const sns = new SnsSteps(replay);
    const TopicArn = await sns.topic();
    replay.note('delete-topic', await sns.call('DeleteTopic', { TopicArn }));
    replay.note('delete-topic-again', await sns.call('DeleteTopic', { TopicArn }));
  },
  test_create_duplicate_topic_with_more_tags: async (replay) => {
    const sns = new SnsSteps(replay);
    const Name = 'test-duplicated-topic-more-tags';
    await sns.topic({}, Name);
    const Tags = [{ Key: 'key1', Value: 'value1' }];
    replay.note('exception-duplicate', await sns.call('CreateTopic', { Name, Tags }));
  },
  test_create_duplicate_topic_check_idempotency: async (replay) => {
    const sns = new SnsSteps(replay);
    const Name = replay.name();
    const a = { Key: 'a', Value: '1' };
    const b = { Key: 'b', Value: '2' };
    replay.note('response-created', await sns.call('CreateTopic', { Name, Tags: [a, b] }));
    for (const [index, Tags] of [[a, b], [a], []].entries())
      replay.note(`response-same-arn-${index}`, await sns.call('CreateTopic', { Name, Tags }));
  },
  test_create_topic_after_delete_with_new_tags: async (replay) => {
    const sns = new SnsSteps(replay);
    const Name = replay.name();
    const create = (Value: string) => sns.call('CreateTopic', { Name, Tags: [{ Key: 'Name', Value }] });
    const first = await create('pqr');
    replay.note('topic-0', first);
    await sns.call('DeleteTopic', { TopicArn: textAt(first, 'TopicArn') });
    replay.note('topic-1', await create('abc'));
  },
  test_topic_delivery_policy_crud: async (replay) => {
    const sns = new SnsSteps(replay);
    const policy = (http: object) => JSON.stringify({ http });
    const TopicArn = await sns.topic({
      DisplayName: 'TestTopic',
      SignatureVersion: '2',
      FifoTopic: 'true',
      DeliveryPolicy: policy({ defaultRequestPolicy: { headerContentType: 'application/json' } }),
    });
    const set = (AttributeValue: string) =>
      sns.call('SetTopicAttributes', { TopicArn, AttributeName: 'DeliveryPolicy', AttributeValue });
    const get = () => sns.call('GetTopicAttributes', { TopicArn });
    replay.note('get-topic-attrs', await get());
    const retry = { minDelayTarget: 5, maxDelayTarget: 6, numRetries: 1 };
    replay.note('set-topic-attrs', await set(policy({ defaultHealthyRetryPolicy: retry })));
    replay.note('get-topic-attrs-after-update', await get());
    replay.note('set-topic-attrs-none', await set(policy({ defaultHealthyRetryPolicy: null })));
    replay.note('get-topic-attrs-after-none', await get());
    replay.note('set-topic-attrs-full-none', await set(''));
    replay.note('get-topic-attrs-after-delete', await get());
  },
  test_delete_non_existent_topic: async (replay) => {
    const sns = new SnsSteps(replay);
    const { region, account } = replay.cloud;
    const TopicArn = `arn:aws:sns:${region}:${account}:${replay.name()}`;
    replay.note('delete-non-existent-topic', await sns.call('DeleteTopic', { TopicArn }));
  },
  test_create_topic_should_be_idempotent: async (replay) => {
    const sns = new SnsSteps(replay);
    const name = replay.name();
    const TopicArn = await sns.topic({}, name);
    const display = { AttributeName: 'DisplayName', AttributeValue: 'AlreadySet' };
    await sns.call('SetTopicAttributes', { TopicArn, ...display });
    replay.note('topic-attrs-idempotent-1', await sns.call('GetTopicAttributes', { TopicArn }));
    const again = await sns.topic({}, name);
    replay.note('topic-attrs-idempotent-2', await sns.call('GetTopicAttributes', { TopicArn: again }));
  },
  test_create_topic_different_attrs: async (replay) => {
    const sns = new SnsSteps(replay);
    const Name = replay.name();
    const create = (Attributes: Readonly<Record<string, string>>) =>
      sns.call('CreateTopic', { Name, Attributes });
    const created = await create({ DisplayName: 'Value1' });
    replay.note('create-topic', created);
    replay.note('create-topic-no-attrs', await create({}));
    const TopicArn = textAt(created, 'TopicArn');
    replay.note('topic-attrs', await sns.call('GetTopicAttributes', { TopicArn }));
    worked(await create({ DisplayName: 'Value1' }));
    worked(await create({ FifoTopic: 'false' }));
    replay.note('create-topic-diff-attrs', await create({ DisplayName: 'Value2' }));
    replay.note('create-topic-new-attrs-fifo', await create({ FifoTopic: 'true' }));
    replay.note('create-topic-new-attrs', await create({ SignatureVersion: '2' }));
    const both = await create({ SignatureVersion: '2', DisplayName: 'Value1' });
    replay.note('create-topic-new-and-same-attrs', both);
  },
  test_create_topic_name_constraints: async (replay) => {
    const sns = new SnsSteps(replay);
    const create = (Name: string, Attributes = {}) => sns.call('CreateTopic', { Name, Attributes });
    replay.note('valid-name-max-length', await create('a'.repeat(256)));
    replay.note('name-too-short', await create(''));
    replay.note('name-too-long', await create('a'.repeat(257)));
    replay.note('name-contains-fifo', await create('test.fifo'));
    replay.note('fifo-name-not-contains-fifo', await create('test', { FifoTopic: 'true' }));
    for (const [index, bad] of [...':;!@|^% '].entries())
      replay.note(`name-invalid-char-${index}`, await create(`bad${bad}name`));
  },
  test_topic_get_attributes_with_fifo_false: async (replay) => {
    const sns = new SnsSteps(replay);
    const TopicArn = await sns.topic({ FifoTopic: 'false' });
    replay.note('get-attrs-standard-topic', await sns.call('GetTopicAttributes', { TopicArn }));
    const input = { TopicArn, AttributeName: 'FifoTopic', AttributeValue: 'false' };
    replay.note('set-fifo-false-after-creation', await sns.call('SetTopicAttributes', input));
  },
  test_topic_add_permission: async (replay) => {
    const sns = new SnsSteps(replay);
    const TopicArn = await sns.topic();
    replay.note(
      'add-permission-response',
      await permit(sns, TopicArn, 'test', ['Publish'], replay.cloud.account),
    );
    replay.note('topic-policy-after-permission', await policyOf(sns, TopicArn));
  },
  test_topic_add_multiple_permissions: async (replay) => {
    const sns = new SnsSteps(replay);
    const TopicArn = await sns.topic();
    const actions = ['Publish', 'Subscribe'];
    replay.note(
      'add-permission-response',
      await permit(sns, TopicArn, 'test', actions, replay.cloud.account),
    );
    replay.note('topic-policy-after-permission', await policyOf(sns, TopicArn));
  },
  test_topic_policy_overwrite_lifecycle: async (replay) => {
    const sns = new SnsSteps(replay);
    const TopicArn = await sns.topic();
    for (const Sid of ['first', 'second']) {
      const Statement = [{ Sid, Effect: 'Allow', Principal: '*', Action: 'SNS:Publish', Resource: TopicArn }];
      const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement });
      worked(await sns.call('SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue }));
      if ((await policyOf(sns, TopicArn)) !== AttributeValue)
        throw new Error('the policy was not overwritten');
    }
  },
  test_topic_remove_permission: async (replay) => {
    const sns = new SnsSteps(replay);
    const TopicArn = await sns.topic();
    await permit(sns, TopicArn, 'test', ['Publish'], replay.cloud.account);
    await sns.call('RemovePermission', { TopicArn, Label: 'test' });
    replay.note('topic-policy', await policyOf(sns, TopicArn));
  },
  test_add_permission_errors: async (replay) => {
    const sns = new SnsSteps(replay);
    const { account } = replay.cloud;
    const topic = await sns.topic();
    await permit(sns, topic, 'test', ['Publish'], account);
    replay.note('duplicate-label', await permit(sns, topic, 'test', ['AddPermission'], account));
    const missing = `${topic}-not-existing`;
    replay.note('topic-not-found', await permit(sns, missing, 'test-2', ['AddPermission'], account));
    replay.note('invalid-action', await permit(sns, topic, 'test-2', ['InvalidAction'], account));
  },
  test_remove_permission_errors: async (replay) => {
    const sns = new SnsSteps(replay);
    const TopicArn = `${await sns.topic()}-not-existing`;
    replay.note('topic-not-found', await sns.call('RemovePermission', { TopicArn, Label: 'test' }));
  },
};

const permit = (
  sns: SnsSteps,
  TopicArn: string,
  Label: string,
  ActionName: readonly string[],
  account: string,
) => sns.call('AddPermission', { TopicArn, Label, AWSAccountId: [account], ActionName });

const policyOf = async (sns: SnsSteps, TopicArn: string): Promise<unknown> =>
  at(await sns.call('GetTopicAttributes', { TopicArn }), 'Attributes', 'Policy');
