import { z } from 'zod';
import { cfnBoolean, cfnNumber, cfnTags, resourceType } from './resource-type.ts';

const dimension = z.strictObject({ Name: z.string(), Value: z.string() });

/** AWS::CloudWatch::Alarm on one metric. */
export const cloudWatchAlarm = resourceType({
  type: 'AWS::CloudWatch::Alarm',
  properties: z.strictObject({
    AlarmName: z.string().optional(),
    AlarmDescription: z.string().optional(),
    ActionsEnabled: cfnBoolean.optional(),
    AlarmActions: z.array(z.string()).optional(),
    OKActions: z.array(z.string()).optional(),
    InsufficientDataActions: z.array(z.string()).optional(),
    ComparisonOperator: z.string(),
    DatapointsToAlarm: cfnNumber.optional(),
    Dimensions: z.array(dimension).optional(),
    EvaluationPeriods: cfnNumber,
    ExtendedStatistic: z.string().optional(),
    MetricName: z.string().optional(),
    Metrics: z.array(z.looseObject({ Id: z.string() })).optional(),
    Namespace: z.string().optional(),
    Period: cfnNumber.optional(),
    Statistic: z.string().optional(),
    Threshold: cfnNumber.optional(),
    TreatMissingData: z.string().optional(),
    Unit: z.string().optional(),
    Tags: cfnTags,
  }),
  create: async ({ AlarmName }, context) => {
    const { account, region } = context.cloud;
    const name = AlarmName ?? context.name();
    return { ref: name, attributes: { Arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}` } };
  },
  limits: () => [{ reason: 'no alarm is evaluated on this machine' }],
});
