import type { CfnResource } from 'aws-cdk-lib';
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { NagRuleCompliance } from 'cdk-nag';
import { referencedBy, resourcesBeside } from '../references.ts';
import { type Statement, statementsOf } from '../statements.ts';

/** What carries messages refuses a caller that does not use TLS. */
export const tlsOnly = (node: CfnResource): NagRuleCompliance => {
  if (!(node instanceof CfnQueue || node instanceof CfnTopic || node instanceof CfnBucket)) {
    return NagRuleCompliance.NOT_APPLICABLE;
  }
  const policies = resourcesBeside(node).filter((other) => isPolicyOf(other, node));
  return policies.flatMap(documentStatements).some(refusesPlainText)
    ? NagRuleCompliance.COMPLIANT
    : NagRuleCompliance.NON_COMPLIANT;
};

const isPolicyOf = (policy: CfnResource, node: CfnResource): boolean =>
  subjectsOf(policy).some((subject) => referencedBy(policy, subject) === node);

const subjectsOf = (policy: CfnResource): readonly unknown[] => {
  if (policy instanceof CfnQueuePolicy) return policy.queues;
  if (policy instanceof CfnTopicPolicy) return policy.topics;
  return policy instanceof CfnBucketPolicy ? [policy.bucket] : [];
};

const documentStatements = (policy: CfnResource): readonly Statement[] =>
  policy instanceof CfnQueuePolicy || policy instanceof CfnTopicPolicy || policy instanceof CfnBucketPolicy
    ? statementsOf(policy, policy.policyDocument)
    : [];

const refusesPlainText = ({ Effect, Condition }: Statement): boolean =>
  Effect === 'Deny' && String(Condition?.Bool?.['aws:SecureTransport']) === 'false';
