import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { KafkaCluster } from '../../lib/constructs/kafka-cluster.ts';
import { KafkaTopic } from '../../lib/constructs/kafka-topic.ts';
import { aFunction, allowed, emptyStack, templateOf } from './alone.ts';
import { lostRecordsAlarm } from './lost-records-alarm.ts';

const variables = ['KAFKA_BOOTSTRAP_SERVERS', 'KAFKA_TOPIC', 'KAFKA_AUTH'];

const lifted = (stack: Stack): KafkaTopic => {
  const cluster = new KafkaCluster(stack, 'Cluster', { clusterName: 'activity' });
  const topic = new KafkaTopic(stack, 'Activity', { cluster, topicName: 'activity' });
  topic.appendFrom(aFunction(stack, 'Recorder', variables, { functionProps: cluster.network }));
  topic.consumeWith(aFunction(stack, 'Counter'), { groupId: 'count' });
  return topic;
};
const alone = templateOf(lifted);

test('IAM over TLS is the only way in', () => {
  alone.hasResourceProperties('AWS::MSK::Cluster', {
    KafkaVersion: '3.9.x.kraft',
    NumberOfBrokerNodes: 2,
    ClientAuthentication: { Sasl: { Iam: { Enabled: true } }, Unauthenticated: { Enabled: false } },
    EncryptionInfo: { EncryptionInTransit: { ClientBroker: 'TLS', InCluster: true } },
    LoggingInfo: { BrokerLogs: { CloudWatchLogs: { Enabled: true } } },
    BrokerNodeGroupInfo: {
      InstanceType: 'kafka.t3.small',
      ClientSubnets: [{ Ref: Match.anyValue() }, { Ref: Match.anyValue() }],
    },
  });
});

test('nothing leads to the internet, and nobody comes in but the members of the group', () => {
  const text = JSON.stringify(alone.toJSON());

  expect(text).not.toContain('0.0.0.0/0');
  expect(text).not.toContain('::/0');
  for (const type of ['InternetGateway', 'NatGateway', 'Route'])
    alone.resourceCountIs(`AWS::EC2::${type}`, 0);
  const [ingress] = Object.values(alone.findResources('AWS::EC2::SecurityGroupIngress'));
  expect(ingress?.Properties.SourceSecurityGroupId).toEqual(ingress?.Properties.GroupId);
  alone.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
});

test('the only endpoint is the one to S3, which costs nothing', () => {
  alone.resourceCountIs('AWS::EC2::VPCEndpoint', 1);
  alone.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
});

test('there is a copy on each broker, and one that was behind never becomes the truth', () => {
  alone.hasResourceProperties('AWS::MSK::Topic', {
    ReplicationFactor: 2,
    Configs: { 'Fn::Base64': Match.stringLikeRegexp('unclean\\.leader\\.election\\.enable=false') },
  });
});

test('a consumer gives a poisoned record up, before the topic does, and keeps it', () => {
  alone.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'count' },
    Topics: ['activity'],
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 5,
    MaximumRecordAgeInSeconds: 12 * 60 * 60,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 2 },
    StartingPosition: 'TRIM_HORIZON',
    DestinationConfig: {
      OnFailure: { Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ActivityFailures'), 'Arn'] } },
    },
  });
});

test('the consumer may read this topic as this group, and write what it gave up under the prefix of Lambda only', () => {
  const grants = allowed(alone);

  expect(grants).toContainEqual({
    actions: ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'],
    resource: { 'Fn::GetAtt': [expect.stringMatching(/^ActivityTopic/), 'TopicArn'] },
  });
  const part = (index: number) => ({
    'Fn::Select': [
      index,
      { 'Fn::Split': [':cluster/', { 'Fn::GetAtt': [expect.stringMatching(/^Cluster/), 'Arn'] }] },
    ],
  });
  expect(grants).toContainEqual({
    actions: ['kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup'],
    resource: { 'Fn::Join': ['', [{ 'Fn::Join': [':group/', [part(0), part(1)]] }, '/count']] },
  });
  expect(grants).toContainEqual({
    actions: ['s3:PutObject'],
    resource: {
      'Fn::Join': [
        '',
        [{ 'Fn::GetAtt': [expect.stringMatching(/^ActivityFailures/), 'Arn'] }, '/aws/lambda/*'],
      ],
    },
  });
});

test('the producer may append to this topic only, idempotently', () => {
  expect(allowed(alone)).toEqual(
    expect.arrayContaining([
      {
        actions: ['kafka-cluster:Connect', 'kafka-cluster:WriteDataIdempotently'],
        resource: { 'Fn::GetAtt': [expect.stringMatching(/^Cluster/), 'Arn'] },
      },
      {
        actions: ['kafka-cluster:DescribeTopic', 'kafka-cluster:WriteData'],
        resource: { 'Fn::GetAtt': [expect.stringMatching(/^ActivityTopic/), 'TopicArn'] },
      },
    ]),
  );
});

test('an alarm watches how far the group is behind, with all dimensions of the metric', () => {
  alone.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/Kafka',
    MetricName: 'SumOffsetLag',
    Dimensions: [
      { Name: 'Cluster Name', Value: 'activity' },
      { Name: 'Consumer Group', Value: 'count' },
      { Name: 'Topic', Value: 'activity' },
    ],
    TreatMissingData: 'notBreaching',
  });
});

test('an alarm watches what could neither be handled nor be put aside', () => {
  alone.hasResourceProperties('AWS::CloudWatch::Alarm', lostRecordsAlarm('Counter'));
});

test('what asks AWS during a deployment logs where the stack says, and that goes with the stack', () => {
  const gone = templateOf((stack) => {
    const logRemovalPolicy = RemovalPolicy.DESTROY;
    return new KafkaCluster(stack, 'Cluster', { clusterName: 'activity', logRemovalPolicy });
  });

  const logGroups = gone.findResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
  const [provider, ...others] = Object.values(gone.findResources('AWS::Lambda::Function'));
  expect(others).toEqual([]);
  expect(Object.keys(logGroups)).toContain(provider?.Properties.LoggingConfig.LogGroup.Ref);
  gone.resourceCountIs('AWS::Logs::LogGroup', Object.keys(logGroups).length);
});

test.each([
  [
    'a record age as long as the retention',
    { maxRecordAge: Duration.hours(24) },
    /is not below the retention/,
  ],
  ['endless retries', { retryAttempts: -1 }, /is not between 0 and 10000/],
])('%s is refused', (_, options, reason) => {
  const topic = lifted(emptyStack());

  expect(() => topic.consumeWith(aFunction(topic, 'Other'), { groupId: 'other', ...options })).toThrow(
    reason,
  );
});

test('a producer outside of the network is refused: it could never connect', () => {
  const topic = lifted(emptyStack());

  expect(() => topic.appendFrom(aFunction(topic, 'Outside', variables))).toThrow(
    /give it the cluster's network/,
  );
});
