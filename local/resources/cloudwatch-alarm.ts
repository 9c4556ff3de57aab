import { z } from 'zod';
import { KEPT_MINUTES } from '../metrics.ts';
import { COMPARISONS, STATISTICS } from '../services/cloudwatch/alarm.ts';
import { isKept } from '../services/cloudwatch/kept-metrics.ts';
import {
  acceptedNotEmulated,
  cfnBoolean,
  cfnNumber,
  cfnTags,
  type Limit,
  resourceType,
} from './resource-type.ts';

const dimension = z.strictObject({ Name: z.string(), Value: z.string() });
const actions = z.array(z.string()).default([]);

const properties = z.strictObject({
  AlarmName: z.string().optional(),
  AlarmDescription: z.string().optional(),
  ActionsEnabled: cfnBoolean.default(true),
  AlarmActions: actions,
  OKActions: actions,
  InsufficientDataActions: actions,
  ComparisonOperator: z.enum(COMPARISONS),
  DatapointsToAlarm: cfnNumber.optional(),
  Dimensions: z.array(dimension).default([]),
  EvaluationPeriods: cfnNumber,
  MetricName: z.string().optional(),
  Namespace: z.string().optional(),
  Period: cfnNumber.optional(),
  Statistic: z.enum(STATISTICS).optional(),
  Threshold: cfnNumber.optional(),
  TreatMissingData: z.enum(['breaching', 'notBreaching', 'ignore', 'missing']).optional(),
  Metrics: acceptedNotEmulated('an alarm on an expression is not evaluated'),
  ExtendedStatistic: acceptedNotEmulated('percentiles are not kept: such an alarm is not evaluated'),
  EvaluateLowSampleCountPercentile: acceptedNotEmulated('percentiles are not kept'),
  Unit: acceptedNotEmulated('metrics are kept without their unit'),
  Tags: cfnTags,
});
type Properties = z.output<typeof properties>;

/** AWS::CloudWatch::Alarm: evaluated every minute when it is on one metric and one of the five basic statistics. */
export const cloudWatchAlarm = resourceType({
  type: 'AWS::CloudWatch::Alarm',
  attributes: ['Arn'],
  properties,
  create: async (given, { cloud, name: generate }) => {
    const name = given.AlarmName ?? generate({ maxLength: 255 });
    const metric = metricOf(given);
    if (metric) {
      await cloud.cloudWatch.putAlarm({
        name,
        ...metric,
        description: given.AlarmDescription,
        comparison: given.ComparisonOperator,
        evaluationPeriods: given.EvaluationPeriods,
        datapointsToAlarm: given.DatapointsToAlarm ?? given.EvaluationPeriods,
        treatMissingData: given.TreatMissingData ?? missingByDefault(metric.namespace),
        actionsEnabled: given.ActionsEnabled,
        actions: {
          ALARM: given.AlarmActions,
          OK: given.OKActions,
          INSUFFICIENT_DATA: given.InsufficientDataActions,
        },
      });
    }
    return { ref: name, attributes: { Arn: cloud.cloudWatch.arnOf(name) } };
  },
  limits: (given) => [...withoutData(given), ...tooLong(given), ...otherActions(given)],
});

/** What is evaluated; undefined for an expression or a percentile. */
const metricOf = ({ MetricName, Namespace, Statistic, Period, Threshold, Dimensions }: Properties) =>
  MetricName !== undefined &&
  Namespace !== undefined &&
  Statistic !== undefined &&
  Period !== undefined &&
  Threshold !== undefined
    ? {
        namespace: Namespace,
        metricName: MetricName,
        dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
        statistic: Statistic,
        periodSeconds: Period,
        threshold: Threshold,
      }
    : undefined;

/** "Alarms that evaluate metrics in the AWS/DynamoDB namespace ignore missing data by default." */
const missingByDefault = (namespace: string) => (namespace === 'AWS/DynamoDB' ? 'ignore' : 'missing');

const withoutData = (given: Properties): Limit[] => {
  const { namespace = '', metricName = '' } = metricOf(given) ?? {};
  return namespace === '' || isKept(namespace, metricName)
    ? []
    : [
        {
          property: 'MetricName',
          reason: `nothing here reports ${namespace} ${metricName}: its alarm has no data`,
        },
      ];
};

const tooLong = ({ Period = 0, EvaluationPeriods }: Properties): Limit[] =>
  Period * EvaluationPeriods > KEPT_MINUTES * 60
    ? [{ property: 'Period', reason: 'metrics are kept for three hours: this alarm looks further back' }]
    : [];

/** An ARN that is not known yet is not judged. */
const otherActions = ({ AlarmActions, OKActions, InsufficientDataActions }: Properties): Limit[] =>
  [...AlarmActions, ...OKActions, ...InsufficientDataActions].some(
    (arn) => arn.startsWith('arn:') && arn.split(':')[2] !== 'sns',
  )
    ? [{ property: 'AlarmActions', reason: 'alarms notify Amazon SNS topics and nothing else' }]
    : [];
