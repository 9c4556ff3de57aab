import { AwsError } from '../../errors.ts';
import type { Caller } from '../../ports.ts';
import { effectiveSubscriptionPolicy } from './delivery-policy.ts';
import type { Engine, Operation, SnsCall } from './engine.ts';
import { checkArnShape, invalidParameter, subscriptionNotFound } from './errors.ts';
import type { Subscription } from './model.ts';
import { authorizedTopic } from './operations-topics.ts';
import { page } from './pages.ts';
import type { XmlStructure } from './xml.ts';

/** IAM's principal behind a caller. */
export const principalOf = (caller: Caller, account: string): string =>
  caller.kind === 'role' ? caller.roleArn : `arn:aws:iam::${account}:root`;

const authorizedSubscription = (engine: Engine, arn: string, action: string, call: SnsCall): Subscription => {
  checkArnShape(arn, 'SubscriptionArn');
  call.authorize(`sns:${action}`, arn.split(':').slice(0, 6).join(':'));
  return engine.subscriptions.get(arn);
};

const summary = (engine: Engine, { arn, state, ...subscription }: Subscription): XmlStructure => ({
  SubscriptionArn: state === 'pending' ? 'PendingConfirmation' : arn,
  Owner: engine.foundation.account,
  Protocol: subscription.protocol,
  Endpoint: subscription.endpoint,
  TopicArn: subscription.topicArn,
});

const describe = (engine: Engine, subscription: Subscription): Record<string, string> => {
  const { arn, attributes, authenticated, endpoint, principal, protocol, state, topicArn } = subscription;
  const policy = effectiveSubscriptionPolicy(subscription, engine.topics.find(topicArn));
  const { FilterPolicyScope: scope = 'MessageAttributes', ...shown } = attributes;
  return {
    SubscriptionArn: arn,
    TopicArn: topicArn,
    Protocol: protocol,
    Endpoint: endpoint,
    Owner: engine.foundation.account,
    SubscriptionPrincipal: principal,
    PendingConfirmation: String(state === 'pending'),
    ConfirmationWasAuthenticated: String(authenticated),
    RawMessageDelivery: 'false',
    ...shown,
    ...(attributes.FilterPolicy === undefined ? {} : { FilterPolicyScope: scope }),
    ...(protocol.startsWith('http') ? { EffectiveDeliveryPolicy: JSON.stringify(policy) } : {}),
  };
};

/** Ends a subscription; its web server, if it has one, is told. */
const unsubscribe: Operation = (engine, query, call) => {
  const arn = query.get('SubscriptionArn') ?? '';
  if (arn === '') throw invalidParameter('SubscriptionArn Reason: no value for required parameter');
  if (!/^[0-9a-f-]{36}$/.test(checkArnShape(arn, 'SubscriptionArn')[6] ?? ''))
    throw invalidParameter('SubscriptionId');
  const subscription = engine.subscriptions.find(arn);
  if (!subscription || subscription.state === 'deleted') return undefined;
  // The UnsubscribeURL of a message needs no credentials, unless its subscription was confirmed otherwise.
  if (call.caller.kind !== 'anonymous') call.authorize('sns:Unsubscribe', subscription.topicArn);
  else if (subscription.authenticateOnUnsubscribe)
    throw new AwsError('AuthorizationError', 'Not authorized: unsubscribing requires authentication', 403);
  const restorable = engine.subscriptions.remove(subscription);
  if (restorable) engine.notify(restorable, 'UnsubscribeConfirmation');
  return undefined;
};

export const subscriptionOperations: Readonly<Record<string, Operation>> = {
  Subscribe: (engine, query, call) => {
    const topic = authorizedTopic(engine, { arn: query.get('TopicArn'), action: 'Subscribe' }, call);
    const { subscription, isNew } = engine.subscriptions.create({
      topic,
      protocol: query.get('Protocol') ?? '',
      endpoint: query.get('Endpoint') ?? '',
      attributes: query.texts('Attributes'),
      principal: principalOf(call.caller, engine.foundation.account),
    });
    if (subscription.state === 'confirmed') return { SubscriptionArn: subscription.arn };
    if (isNew) engine.notify(subscription, 'SubscriptionConfirmation');
    const isArnWanted = query.get('ReturnSubscriptionArn') === 'true';
    return { SubscriptionArn: isArnWanted ? subscription.arn : 'pending confirmation' };
  },

  ConfirmSubscription: (engine, query, call) => {
    const topicArn = query.get('TopicArn') ?? '';
    const isMalformed = topicArn !== engine.topics.arn(topicArn.split(':').slice(5).join(':'));
    if (isMalformed) throw invalidParameter('Topic');
    const isAuthenticated = call.caller.kind !== 'anonymous';
    if (isAuthenticated) call.authorize('sns:ConfirmSubscription', topicArn);
    const strict = isAuthenticated && query.get('AuthenticateOnUnsubscribe') === 'true';
    const { arn } = engine.subscriptions.confirm(query.get('Token') ?? '', strict);
    return { SubscriptionArn: arn };
  },

  Unsubscribe: unsubscribe,

  ListSubscriptions: (engine, query, call) => {
    call.authorize('sns:ListSubscriptions', '*');
    const { items, NextToken } = page(engine.subscriptions.list(), query.get('NextToken'));
    return { Subscriptions: items.map((subscription) => summary(engine, subscription)), NextToken };
  },

  ListSubscriptionsByTopic: (engine, query, call) => {
    const topic = authorizedTopic(
      engine,
      { arn: query.get('TopicArn'), action: 'ListSubscriptionsByTopic' },
      call,
    );
    const { items, NextToken } = page(engine.subscriptions.of(topic.arn), query.get('NextToken'));
    return { Subscriptions: items.map((subscription) => summary(engine, subscription)), NextToken };
  },

  GetSubscriptionAttributes: (engine, query, call) => {
    const arn = query.get('SubscriptionArn') ?? '';
    const subscription = authorizedSubscription(engine, arn, 'GetSubscriptionAttributes', call);
    return { Attributes: new Map(Object.entries(describe(engine, subscription))) };
  },

  SetSubscriptionAttributes: (engine, query, call) => {
    const arn = query.get('SubscriptionArn') ?? '';
    const subscription = authorizedSubscription(engine, arn, 'SetSubscriptionAttributes', call);
    if (subscription.state === 'deleted') throw subscriptionNotFound();
    engine.subscriptions.setAttribute(
      subscription,
      query.get('AttributeName') ?? '',
      query.get('AttributeValue') ?? '',
    );
    return undefined;
  },
};
