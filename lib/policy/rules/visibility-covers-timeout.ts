import type { CfnResource } from 'aws-cdk-lib';
import { CfnEventSourceMapping, CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { NagRuleCompliance } from 'cdk-nag';
import { numberOr, referencedBy } from '../references.ts';

/**
 * A queue hides a message for six times the timeout of the function that handles it, and for its batching window:
 * otherwise it is delivered again while still being handled (AWS Lambda guide, "Configuring a queue for use with Lambda").
 */
export const visibilityCoversTimeout = (node: CfnResource): NagRuleCompliance => {
  if (!(node instanceof CfnEventSourceMapping)) return NagRuleCompliance.NOT_APPLICABLE;
  const queue = referencedBy(node, node.eventSourceArn);
  const consumer = referencedBy(node, node.functionName);
  if (!(queue instanceof CfnQueue && consumer instanceof CfnFunction))
    return NagRuleCompliance.NOT_APPLICABLE;

  const visibility = numberOr(queue, queue.visibilityTimeout, 30);
  const timeout = numberOr(consumer, consumer.timeout, 3);
  const window = numberOr(node, node.maximumBatchingWindowInSeconds, 0);
  if (visibility === undefined || timeout === undefined || window === undefined) {
    return NagRuleCompliance.NOT_APPLICABLE;
  }
  return visibility >= 6 * timeout + window ? NagRuleCompliance.COMPLIANT : NagRuleCompliance.NON_COMPLIANT;
};
