import type { Cloud } from '../../../local/cloud.ts';
import type { ResourceContext } from '../../../local/resources/resource-type.ts';
import { snsSubscription } from '../../../local/resources/sns-subscription.ts';
import { snsTopic } from '../../../local/resources/sns-topic.ts';
import { snsTopicPolicy } from '../../../local/resources/sns-topic-policy.ts';
import { Store } from '../../../local/store.ts';
import { account, queueArn, settle, topicService } from '../services/sns/harness.ts';

const deployment = () => {
  const service = topicService();
  const foundation = service.around.foundation(new Store(':memory:'));
  const cloud: Cloud = Object.assign(Object.create(null), foundation, { sns: service.sns });
  const context: ResourceContext = {
    cloud,
    stack: 'App',
    logicalId: 'Events',
    path: 'App/Events/Resource',
    name: ({ suffix = '' } = {}) => `App-Events${suffix}`,
    asset: () => '',
  };
  return { ...service, context };
};

test('a topic refers to its ARN, and has its name and its inline subscriptions', async () => {
  const { context, around, sns } = deployment();
  const properties = snsTopic.properties.parse({
    DisplayName: 'Events',
    KmsMasterKeyId: 'alias/aws/sns',
    Subscription: [{ Protocol: 'sqs', Endpoint: queueArn('A') }],
    Tags: [{ Key: 'stage', Value: 'dev' }],
  });

  const created = await snsTopic.create(properties, context);
  await sns.publish(created.ref, { message: 'hello' }, account);
  await sns.certificatePem();
  await settle();

  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:App-Events';
  expect(created).toEqual({ ref: TopicArn, attributes: { TopicArn, TopicName: 'App-Events' } });
  expect(around.bodies('A')).toHaveLength(1);
});

test('a FIFO topic without a name gets one that ends in .fifo', async () => {
  const { context } = deployment();
  const properties = snsTopic.properties.parse({ FifoTopic: 'true', ContentBasedDeduplication: true });

  const { ref } = await snsTopic.create(properties, context);

  expect(ref).toBe('arn:aws:sns:us-east-1:000000000000:App-Events.fifo');
});

test.each(['ArchivePolicy', 'Anything'])('the topic property %s is refused', (name) => {
  expect(snsTopic.properties.safeParse({ [name]: {} }).success).toBe(false);
});

test('a subscription takes its policies as objects, and keeps its ARN over a second deployment', async () => {
  const { context, around, sns } = deployment();
  const topic = await snsTopic.create({}, context);
  const properties = snsSubscription.properties.parse({
    TopicArn: topic.ref,
    Protocol: 'sqs',
    Endpoint: queueArn('A'),
    RawMessageDelivery: true,
    FilterPolicy: { colour: ['red'] },
    FilterPolicyScope: 'MessageBody',
    RedrivePolicy: { deadLetterTargetArn: queueArn('Dead') },
  });

  const first = await snsSubscription.create(properties, context);
  const second = await snsSubscription.create(properties, context);
  await sns.publish(topic.ref, { message: '{"colour":"red"}' }, account);
  await sns.publish(topic.ref, { message: '{"colour":"blue"}' }, account);
  await settle();

  expect(second).toEqual(first);
  expect(first.ref).toMatch(/^arn:aws:sns:us-east-1:000000000000:App-Events:[0-9a-f-]{36}$/);
  expect(around.bodies('A')).toEqual(['{"colour":"red"}']);
});

test('a topic policy is what IAM decides by', async () => {
  const { context, around } = deployment();
  const topic = await snsTopic.create({}, context);
  const PolicyDocument = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sns:Publish' }],
  };

  await snsTopicPolicy.create({ Topics: [topic.ref], PolicyDocument }, context);

  expect(around.policies.get(topic.ref)).toEqual(PolicyDocument);
});

test('a subscription that writes to people is taken, writes to nobody, and is in the fidelity report', async () => {
  const { context, sns } = deployment();
  const topic = await snsTopic.create(snsTopic.properties.parse({}), context);
  const properties = snsSubscription.properties.parse({
    TopicArn: topic.ref,
    Protocol: 'email',
    Endpoint: 'on-call@example.com',
  });

  const created = await snsSubscription.create(properties, context);

  expect(created.ref).toBe('PendingConfirmation');
  expect(snsSubscription.limits?.(properties)).toEqual([
    { property: 'Protocol', reason: 'nobody is written to from this machine' },
  ]);
  await expect(sns.publish(topic.ref, { message: 'hello' }, account)).resolves.toBeDefined();
});
