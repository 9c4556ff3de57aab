import type { CfnResource } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { NagRuleCompliance } from 'cdk-nag';
import * as z from 'zod';
import { resolved } from '../references.ts';

const AtLeastOne = z.array(z.unknown()).min(1);

/**
 * An alarm says whose metric it watches, and what silence means. A metric of SQS, SNS, Kinesis or Lambda without
 * dimensions has no data: such an alarm can never go off.
 */
export const alarmHasDimensions = (node: CfnResource): NagRuleCompliance => {
  if (!(node instanceof CfnAlarm)) return NagRuleCompliance.NOT_APPLICABLE;
  // An expression over metrics carries the dimensions inside.
  const watches = [node.dimensions, node.metrics].some(
    (value) => AtLeastOne.safeParse(resolved(node, value)).success,
  );
  return watches && node.treatMissingData !== undefined
    ? NagRuleCompliance.COMPLIANT
    : NagRuleCompliance.NON_COMPLIANT;
};
