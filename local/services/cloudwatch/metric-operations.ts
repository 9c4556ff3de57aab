import { z } from 'zod';
import { AwsError } from '../../errors.ts';
import type { MetricName, MetricStore, Statistic } from '../../metrics.ts';
import { STATISTICS, statisticValue } from './alarm.ts';
import { dimensionList, operation, page, timestamp, toDimensionList, toTimestamp } from './operation.ts';

const MOST_LISTED = 500;
const MOST_DATAPOINTS = 1440;

const statisticName = z.enum(STATISTICS);
/** Data are kept by the minute: a shorter period has nothing to show. */
const period = z.int().refine((seconds) => seconds >= 60 && seconds % 60 === 0, {
  error: 'Period must be a multiple of 60 seconds on the local cloud',
});

const metric = z
  .object({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensionList })
  .transform(
    ({ Namespace: namespace, MetricName: name, Dimensions: dimensions }): MetricName => ({
      namespace,
      name,
      dimensions,
    }),
  );

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
  readonly periodMs: number;
}

/** The periods that have data, oldest first; they begin at multiples of their length. */
const datapoints = (
  metrics: MetricStore,
  { namespace, name, dimensions }: MetricName,
  { fromMs, toMs, periodMs }: Range,
): { atMs: number; statistic: Statistic }[] => {
  const first = Math.floor(fromMs / periodMs) * periodMs;
  const count = Math.ceil((toMs - first) / periodMs);
  if (toMs <= fromMs) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  if (count > MOST_DATAPOINTS) throw invalid(`More than ${MOST_DATAPOINTS} datapoints are asked for.`);
  return Array.from({ length: count }, (_, index) => first + index * periodMs).flatMap((atMs) => {
    const statistic = metrics.statistic(namespace, name, dimensions, atMs, Math.min(atMs + periodMs, toMs));
    return statistic ? [{ atMs, statistic }] : [];
  });
};

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValue', message);

const query = z.object({
  Id: z.string(),
  Label: z.string().optional(),
  ReturnData: z.boolean().default(true),
  Expression: z.string().optional(),
  MetricStat: z.object({ Metric: metric, Period: period, Stat: statisticName }).optional(),
});

const getMetricData = operation(
  z.object({
    MetricDataQueries: z.array(query).min(1).max(500),
    StartTime: timestamp,
    EndTime: timestamp,
    ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
  }),
  (input, { cloudWatch, call }) => {
    call.authorize('cloudwatch:GetMetricData', '*');
    const range = { fromMs: input.StartTime, toMs: input.EndTime };
    const results = input.MetricDataQueries.map(({ Id, Label, ReturnData, MetricStat }) => {
      if (!MetricStat) throw invalid(`The local cloud does not evaluate expressions: query ${Id}`);
      const { Metric, Period, Stat } = MetricStat;
      const found = datapoints(cloudWatch.metrics, Metric, { ...range, periodMs: Period * 1000 });
      const ordered = input.ScanBy === 'TimestampAscending' ? found : found.toReversed();
      const result = {
        Id,
        Label: Label ?? Metric.name,
        Timestamps: ordered.map(({ atMs }) => toTimestamp(atMs)),
        Values: ordered.map(({ statistic }) => statisticValue(statistic, Stat)),
        StatusCode: 'Complete',
      };
      return ReturnData ? [result] : [];
    });
    return { MetricDataResults: results.flat(), Messages: [] };
  },
);

const getMetricStatistics = operation(
  z.intersection(
    metric,
    z.object({
      StartTime: timestamp,
      EndTime: timestamp,
      Period: period,
      Statistics: z.array(statisticName).min(1),
    }),
  ),
  (input, { cloudWatch, call }) => {
    call.authorize('cloudwatch:GetMetricStatistics', '*');
    const range = { fromMs: input.StartTime, toMs: input.EndTime, periodMs: input.Period * 1000 };
    const found = datapoints(cloudWatch.metrics, input, range);
    return {
      Label: input.name,
      Datapoints: found.map(({ atMs, statistic }) => ({
        Timestamp: toTimestamp(atMs),
        ...Object.fromEntries(input.Statistics.map((name) => [name, statisticValue(statistic, name)])),
      })),
    };
  },
);

const listMetrics = operation(
  z.object({
    Namespace: z.string().optional(),
    MetricName: z.string().optional(),
    Dimensions: z.array(z.object({ Name: z.string(), Value: z.string().optional() })).default([]),
    NextToken: z.string().optional(),
  }),
  (input, { cloudWatch, call }) => {
    call.authorize('cloudwatch:ListMetrics', '*');
    const asked = cloudWatch.metrics
      .all()
      .filter(
        ({ namespace, name, dimensions }) =>
          (input.Namespace === undefined || namespace === input.Namespace) &&
          (input.MetricName === undefined || name === input.MetricName) &&
          input.Dimensions.every(({ Name, Value }) =>
            Value === undefined ? Name in dimensions : dimensions[Name] === Value,
          ),
      );
    const { items, next } = page(asked, MOST_LISTED, input.NextToken);
    return {
      Metrics: items.map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: toDimensionList(dimensions),
      })),
      ...next,
    };
  },
);

export const metricOperations = {
  GetMetricData: getMetricData,
  GetMetricStatistics: getMetricStatistics,
  ListMetrics: listMetrics,
};
