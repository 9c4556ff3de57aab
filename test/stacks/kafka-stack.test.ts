import { type App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnSubscription } from 'aws-cdk-lib/aws-sns';
import { imageApp } from '../../lib/image-app.ts';
import '../support/no-asset-copies.ts';

const templatesOf = (context: Record<string, unknown>) => {
  const app = imageApp({ context });
  app.synth();
  return new Map(
    app.node.children
      .filter((child) => Stack.isStack(child))
      .map((stack) => [stack.node.id, Template.fromStack(stack)]),
  );
};

const templateOf = (templates: ReadonlyMap<string, Template>, id: string): Template => {
  const template = templates.get(id);
  if (!template) throw new Error(`${id} is no stack`);
  return template;
};

const both = templatesOf({ target: 'local', kafka: true });
const kafka = templateOf(both, 'Kafka');

const withoutHashes = (text: string): string => text.replaceAll(/[0-9a-f]{64}/g, 'HASH');

test('the stack Kafka is as it was', () => {
  expect(JSON.parse(withoutHashes(JSON.stringify(kafka.toJSON())))).toMatchSnapshot();
});

test('there is no Kafka unless it is asked for: it costs by the hour', () => {
  const { node } = imageApp({ context: { target: 'local' } });

  expect(node.tryFindChild('Kafka')).toBeUndefined();
});

/** Counted before synthesis, which takes longer than all else here. */
const feeds = (app: App, id: string): number =>
  app.node
    .findChild(id)
    .node.findAll()
    .filter((construct) => construct instanceof CfnSubscription).length;

test.each([
  ['both', { Kafka: 3, Activity: 3 }],
  ['kafka', { Kafka: 3, Activity: 0 }],
  ['kinesis', { Kafka: 0, Activity: 3 }],
])('with stream=%s domain events go to %j', (stream, expected) => {
  const app = imageApp({ context: { target: 'local', kafka: true, stream } });

  expect({ Kafka: feeds(app, 'Kafka'), Activity: feeds(app, 'Activity') }).toEqual(expected);
});

test('the producer is in the network of the brokers, and signs with its role on AWS', () => {
  kafka.hasResourceProperties('AWS::Lambda::Function', {
    VpcConfig: { SubnetIds: [Match.anyValue(), Match.anyValue()], SecurityGroupIds: [Match.anyValue()] },
    Environment: { Variables: { KAFKA_TOPIC: 'activity', KAFKA_AUTH: 'none' } },
  });
  const onAws = templateOf(templatesOf({ kafka: true, target: 'endpoint' }), 'Kafka');
  onAws.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ KAFKA_AUTH: 'iam' }) },
  });
});

test('both consumers read the same topic, each as its own group', () => {
  const sources = Object.values(kafka.findResources('AWS::Lambda::EventSourceMapping'))
    .map(({ Properties }) => Properties)
    .filter(({ Topics }) => Topics !== undefined);

  expect(sources.map(({ Topics }) => Topics)).toEqual([['activity'], ['activity']]);
  expect(
    sources.map((source) => source.AmazonManagedKafkaEventSourceConfig.ConsumerGroupId).toSorted(),
  ).toEqual(['archive-activity', 'count-activity']);
});
