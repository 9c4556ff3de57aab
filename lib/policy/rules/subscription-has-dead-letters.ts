import type { CfnResource } from 'aws-cdk-lib';
import { CfnSubscription } from 'aws-cdk-lib/aws-sns';
import { NagRuleCompliance } from 'cdk-nag';
import * as z from 'zod';
import { resolved } from '../references.ts';

/** What receives on its own, with nobody there who would miss a message. */
const machines = ['sqs', 'lambda', 'firehose', 'http', 'https'];

const Policy = z.object({ deadLetterTargetArn: z.unknown().refine((arn) => arn !== undefined) });

/**
 * A subscription has a dead-letter queue. SNS gives up what it cannot deliver, at once when the endpoint is gone or lets
 * nobody in, and without such a queue that copy is lost (SNS Developer Guide, "Amazon SNS dead-letter queues").
 */
export const subscriptionHasDeadLetters = (node: CfnResource): NagRuleCompliance => {
  if (!(node instanceof CfnSubscription) || !machines.includes(node.protocol))
    return NagRuleCompliance.NOT_APPLICABLE;
  return Policy.safeParse(resolved(node, node.redrivePolicy)).success
    ? NagRuleCompliance.COMPLIANT
    : NagRuleCompliance.NON_COMPLIANT;
};
