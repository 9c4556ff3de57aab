import type { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import { CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { NagRuleCompliance } from 'cdk-nag';
import { tlsOnly } from '../../lib/policy/rules/tls-only.ts';
import { aQueue, judged, somethingElse } from './resources.ts';

const policyDocument = {
  Statement: [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: '*',
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
};
const open = { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }] };

const closed: ReadonlyArray<[string, (stack: Stack) => CfnResource]> = [
  [
    'queue',
    (stack) => {
      const queue = aQueue(stack);
      new CfnQueuePolicy(stack, 'Policy', { queues: [queue.ref], policyDocument });
      return queue;
    },
  ],
  [
    'topic',
    (stack) => {
      const topic = new CfnTopic(stack, 'Topic');
      new CfnTopicPolicy(stack, 'Policy', { topics: [topic.ref], policyDocument });
      return topic;
    },
  ],
  [
    'bucket',
    (stack) => {
      const bucket = new CfnBucket(stack, 'Bucket');
      new CfnBucketPolicy(stack, 'Policy', { bucket: bucket.ref, policyDocument });
      return bucket;
    },
  ],
];

test.each(closed)('compliant: a %s that denies what comes without TLS', (_, build) => {
  expect(judged(tlsOnly, build)).toBe(NagRuleCompliance.COMPLIANT);
});

test.each<[string, (stack: Stack) => CfnResource]>([
  ['queue', aQueue],
  ['topic', (stack) => new CfnTopic(stack, 'Topic')],
  ['bucket', (stack) => new CfnBucket(stack, 'Bucket')],
])('non-compliant: a %s without a policy', (_, build) => {
  expect(judged(tlsOnly, build)).toBe(NagRuleCompliance.NON_COMPLIANT);
});

test('non-compliant: a policy that says nothing of TLS, or that of another queue', () => {
  const verdict = judged(tlsOnly, (stack) => {
    const queue = aQueue(stack);
    new CfnQueuePolicy(stack, 'Open', { queues: [queue.ref], policyDocument: open });
    new CfnQueuePolicy(stack, 'Others', { queues: [aQueue(stack, {}, 'Other').ref], policyDocument });
    return queue;
  });

  expect(verdict).toBe(NagRuleCompliance.NON_COMPLIANT);
});

test('not applicable: what carries no messages', () => {
  expect(judged(tlsOnly, somethingElse)).toBe(NagRuleCompliance.NOT_APPLICABLE);
});
