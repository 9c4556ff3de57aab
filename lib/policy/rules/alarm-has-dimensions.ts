import type { CfnResource } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { NagRuleCompliance } from 'cdk-nag';
import * as z from 'zod';
import { resolved } from '../references.ts';

const Dimensions = z.array(z.unknown()).min(1);

/** One entry of `Metrics`: a metric, or an expression over others, which has no dimensions of its own. */
const Query = z.union([
  z.looseObject({ metricStat: z.looseObject({ metric: z.looseObject({ dimensions: Dimensions }) }) }),
  z.looseObject({ expression: z.string(), metricStat: z.undefined().optional() }),
]);
const Queries = z.array(Query).min(1);

/**
 * An alarm says whose metric it watches, and what silence means. A metric of SQS, SNS, Kinesis or Lambda without
 * dimensions has no data: such an alarm can never go off. Of an alarm on an expression that holds for each metric in it.
 */
export const alarmHasDimensions = (node: CfnResource): NagRuleCompliance => {
  if (!(node instanceof CfnAlarm)) return NagRuleCompliance.NOT_APPLICABLE;
  const watches =
    Dimensions.safeParse(resolved(node, node.dimensions)).success ||
    Queries.safeParse(resolved(node, node.metrics)).success;
  return watches && node.treatMissingData !== undefined
    ? NagRuleCompliance.COMPLIANT
    : NagRuleCompliance.NON_COMPLIANT;
};
