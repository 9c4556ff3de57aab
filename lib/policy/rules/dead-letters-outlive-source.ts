import type { CfnResource } from 'aws-cdk-lib';
import { CfnEventSourceMapping, CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSubscription } from 'aws-cdk-lib/aws-sns';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { NagRuleCompliance } from 'cdk-nag';
import * as z from 'zod';
import { numberOr, referencedBy, resolved, resourcesBeside } from '../references.ts';

const fourDays = 4 * 24 * 60 * 60;
const Policy = z.object({ deadLetterTargetArn: z.unknown() });

/**
 * A queue has a dead-letter queue that keeps messages longer than itself. A message keeps its age when it moves:
 * with the same retention it expires among the dead letters unseen (SQS Developer Guide, "Using dead-letter queues").
 */
export const deadLettersOutliveSource = (node: CfnResource): NagRuleCompliance => {
  if (!(node instanceof CfnQueue)) return NagRuleCompliance.NOT_APPLICABLE;
  if (!Policy.safeParse(resolved(node, node.redrivePolicy)).success) {
    return isDeadLetterQueue(node) ? NagRuleCompliance.COMPLIANT : NagRuleCompliance.NON_COMPLIANT;
  }

  const deadLetters = targetOf(node, node.redrivePolicy);
  if (!(deadLetters instanceof CfnQueue)) return NagRuleCompliance.NOT_APPLICABLE;
  const kept = numberOr(node, node.messageRetentionPeriod, fourDays);
  const keptThere = numberOr(deadLetters, deadLetters.messageRetentionPeriod, fourDays);
  if (kept === undefined || keptThere === undefined) return NagRuleCompliance.NOT_APPLICABLE;
  return keptThere > kept ? NagRuleCompliance.COMPLIANT : NagRuleCompliance.NON_COMPLIANT;
};

/** Whether anything ends in this queue that could not be handled elsewhere. */
const isDeadLetterQueue = (queue: CfnQueue): boolean =>
  resourcesBeside(queue).some((other) => lastResortsOf(other).includes(queue));

const lastResortsOf = (node: CfnResource): ReadonlyArray<CfnResource | undefined> => {
  if (node instanceof CfnQueue || node instanceof CfnSubscription)
    return [targetOf(node, node.redrivePolicy)];
  if (node instanceof CfnFunction) {
    const config = z.object({ targetArn: z.unknown() }).safeParse(node.deadLetterConfig);
    return config.success ? [referencedBy(node, config.data.targetArn)] : [];
  }
  if (node instanceof CfnEventSourceMapping) {
    const config = z
      .object({ onFailure: z.object({ destination: z.unknown() }) })
      .safeParse(node.destinationConfig);
    return config.success ? [referencedBy(node, config.data.onFailure.destination)] : [];
  }
  return [];
};

const targetOf = (node: CfnResource, redrivePolicy: unknown): CfnResource | undefined => {
  const policy = Policy.safeParse(redrivePolicy);
  const known = policy.success ? referencedBy(node, policy.data.deadLetterTargetArn) : undefined;
  if (known) return known;
  const plain = Policy.safeParse(resolved(node, redrivePolicy));
  return plain.success ? referencedBy(node, plain.data.deadLetterTargetArn) : undefined;
};
