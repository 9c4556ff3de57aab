import type { CfnResource } from 'aws-cdk-lib';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { NagRuleCompliance } from 'cdk-nag';
import * as z from 'zod';
import { resolved } from '../references.ts';

/**
 * A function may report which messages of a batch failed. Without the flag one failure repeats the whole batch, and what
 * the function reports is ignored (AWS Lambda guide, "Handling errors for an SQS event source in Lambda").
 */
export const partialBatchFailures = (node: CfnResource): NagRuleCompliance => {
  if (!(node instanceof CfnEventSourceMapping)) return NagRuleCompliance.NOT_APPLICABLE;
  if (node.eventSourceArn === undefined) return NagRuleCompliance.NOT_APPLICABLE;
  const types = z.array(z.string()).safeParse(resolved(node, node.functionResponseTypes));
  return types.success && types.data.includes('ReportBatchItemFailures')
    ? NagRuleCompliance.COMPLIANT
    : NagRuleCompliance.NON_COMPLIANT;
};
