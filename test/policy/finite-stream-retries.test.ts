import { CfnStream } from 'aws-cdk-lib/aws-kinesis';
import { CfnCluster } from 'aws-cdk-lib/aws-msk';
import { NagRuleCompliance } from 'cdk-nag';
import { finiteStreamRetries } from '../../lib/policy/rules/finite-stream-retries.ts';
import { aHandler, aQueue, aSource, judged } from './resources.ts';

const finite = {
  maximumRetryAttempts: 5,
  maximumRecordAgeInSeconds: 3600,
  destinationConfig: { onFailure: { destination: 'arn:aws:s3:::failures' } },
};
const consumed = (props: Partial<typeof finite>, retentionPeriodHours = 24) =>
  judged(finiteStreamRetries, (stack) => {
    const stream = new CfnStream(stack, 'Stream', { retentionPeriodHours });
    return aSource(stack, stream.attrArn, aHandler(stack), props);
  });

test('compliant: a few retries, an age below the retention, a place for what is given up', () => {
  expect(consumed(finite)).toBe(NagRuleCompliance.COMPLIANT);
});

const { maximumRetryAttempts, maximumRecordAgeInSeconds, destinationConfig } = finite;
test.each([
  ['nothing said: both are endless', {}],
  ['endless retries', { ...finite, maximumRetryAttempts: -1 }],
  ['an endless record age', { maximumRetryAttempts, destinationConfig }],
  ['a record age as long as the retention', { ...finite, maximumRecordAgeInSeconds: 24 * 3600 }],
  ['nowhere to go for what is given up', { maximumRetryAttempts, maximumRecordAgeInSeconds }],
])('non-compliant: %s', (_, props) => {
  expect(consumed(props)).toBe(NagRuleCompliance.NON_COMPLIANT);
});

const consumedFromKafka = (props: Partial<typeof finite>) =>
  judged(finiteStreamRetries, (stack) => {
    const cluster = new CfnCluster(stack, 'Cluster', {
      clusterName: 'activity',
      kafkaVersion: '3.9.x.kraft',
      numberOfBrokerNodes: 2,
      brokerNodeGroupInfo: { clientSubnets: ['one', 'two'], instanceType: 'kafka.t3.small' },
    });
    return aSource(stack, cluster.attrArn, aHandler(stack), props);
  });

test('a topic of Kafka is held to the same', () => {
  expect(consumedFromKafka(finite)).toBe(NagRuleCompliance.COMPLIANT);
  expect(consumedFromKafka({})).toBe(NagRuleCompliance.NON_COMPLIANT);
  expect(consumedFromKafka({ maximumRetryAttempts, maximumRecordAgeInSeconds })).toBe(
    NagRuleCompliance.NON_COMPLIANT,
  );
});

test('not applicable: a queue, which has its own way of giving up', () => {
  const verdict = judged(finiteStreamRetries, (stack) =>
    aSource(stack, aQueue(stack).attrArn, aHandler(stack)),
  );

  expect(verdict).toBe(NagRuleCompliance.NOT_APPLICABLE);
});
