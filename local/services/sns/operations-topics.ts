import { AwsError } from '../../errors.ts';
import type { Engine, Operation, SnsCall } from './engine.ts';
import { invalidParameter } from './errors.ts';
import type { Topic } from './model.ts';
import { page } from './pages.ts';
import type { Query } from './query.ts';
import { addStatement, policyOf, removeStatement } from './topic-policy.ts';

/** The topic that a request is about, once its caller may do this to it. */
export const authorizedTopic = (
  engine: Engine,
  {
    arn,
    action,
    parameter,
  }: { readonly arn: string | undefined; readonly action: string; readonly parameter?: string },
  call: SnsCall,
): Topic => {
  const topicArn = arn ?? '';
  call.authorize(`sns:${action}`, topicArn);
  return engine.topics.get(topicArn, parameter);
};

const tagsOf = (query: Query): Record<string, string> => {
  const tags = query.list('Tags').map((tag) => [tag.get('Key') ?? '', tag.get('Value') ?? ''] as const);
  const byKey = Object.fromEntries(tags);
  if (Object.keys(byKey).length < tags.length) throw invalidParameter('Duplicated keys are not allowed.');
  return byKey;
};

/** A tag operation names its topic `ResourceArn`, and has an error of its own for an unknown one. */
const taggedTopic = (engine: Engine, query: Query, call: SnsCall, action: string): Topic => {
  const arn = query.get('ResourceArn') ?? '';
  call.authorize(`sns:${action}`, arn);
  const topic = engine.topics.find(arn);
  if (!topic) throw new AwsError('ResourceNotFound', 'Resource does not exist', 404);
  return topic;
};

const counts = (engine: Engine, topic: Topic): Record<string, string> => {
  const subscriptions = engine.subscriptions.of(topic.arn);
  const confirmed = subscriptions.filter(({ state }) => state === 'confirmed').length;
  return {
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsPending: String(subscriptions.length - confirmed),
    SubscriptionsDeleted: '0',
  };
};

export const topicOperations: Readonly<Record<string, Operation>> = {
  CreateTopic: (engine, query, call) => {
    const name = query.get('Name') ?? '';
    call.authorize('sns:CreateTopic', engine.topics.arn(name));
    if (query.get('DataProtectionPolicy') !== undefined)
      throw invalidParameter('DataProtectionPolicy Reason: the local cloud does not emulate it');
    const { arn } = engine.topics.create(name, query.texts('Attributes'), tagsOf(query));
    return { TopicArn: arn };
  },

  DeleteTopic: (engine, query, call) => {
    const arn = query.get('TopicArn') ?? '';
    call.authorize('sns:DeleteTopic', arn);
    engine.topics.checkArn(arn);
    engine.subscriptions.removeAll(arn);
    engine.topics.delete(arn);
    return undefined;
  },

  ListTopics: (engine, query, call) => {
    call.authorize('sns:ListTopics', '*');
    const { items, NextToken } = page(engine.topics.list(), query.get('NextToken'));
    return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken };
  },

  GetTopicAttributes: (engine, query, call) => {
    const topic = authorizedTopic(engine, { arn: query.get('TopicArn'), action: 'GetTopicAttributes' }, call);
    return {
      Attributes: new Map(Object.entries({ ...engine.topics.describe(topic), ...counts(engine, topic) })),
    };
  },

  SetTopicAttributes: (engine, query, call) => {
    const topic = authorizedTopic(engine, { arn: query.get('TopicArn'), action: 'SetTopicAttributes' }, call);
    engine.topics.setAttribute(topic, query.get('AttributeName') ?? '', query.get('AttributeValue') ?? '');
    return undefined;
  },

  AddPermission: (engine, query, call) => {
    const topic = authorizedTopic(engine, { arn: query.get('TopicArn'), action: 'AddPermission' }, call);
    const texts = (name: string) => query.list(name).flatMap(({ text }) => text ?? []);
    const permission = {
      label: query.get('Label') ?? '',
      accounts: texts('AWSAccountId'),
      actions: texts('ActionName'),
    };
    const policy = addStatement(policyOf(topic, engine.foundation.account), topic.arn, permission);
    engine.topics.setAttribute(topic, 'Policy', JSON.stringify(policy));
    return undefined;
  },

  RemovePermission: (engine, query, call) => {
    const topic = authorizedTopic(engine, { arn: query.get('TopicArn'), action: 'RemovePermission' }, call);
    const policy = removeStatement(policyOf(topic, engine.foundation.account), query.get('Label') ?? '');
    engine.topics.setAttribute(topic, 'Policy', JSON.stringify(policy));
    return undefined;
  },

  TagResource: (engine, query, call) => {
    const topic = taggedTopic(engine, query, call, 'TagResource');
    engine.topics.setTags(topic, { ...topic.tags, ...tagsOf(query) });
    return {};
  },

  UntagResource: (engine, query, call) => {
    const topic = taggedTopic(engine, query, call, 'UntagResource');
    const gone = new Set(query.list('TagKeys').map(({ text }) => text));
    const kept = Object.entries(topic.tags).filter(([key]) => !gone.has(key));
    engine.topics.setTags(topic, Object.fromEntries(kept));
    return {};
  },

  ListTagsForResource: (engine, query, call) => {
    const { tags } = taggedTopic(engine, query, call, 'ListTagsForResource');
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  },
};
