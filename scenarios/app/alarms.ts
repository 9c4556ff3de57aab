import { GetMetricDataCommand, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { App } from './app.ts';
import { until } from './until.ts';

const MINUTE_MS = 60_000;

/** The alarm that watches a metric of a queue. @throws Error when nothing watches it */
export const alarmOn = (app: App, queueUrl: string, metricName: string): Promise<MetricAlarm> =>
  alarmOf(app, 'QueueName', queueUrl.split('/').at(-1) ?? '', metricName);

/** The alarm that watches a metric under a dimension. @throws Error when nothing watches it */
export const alarmOf = async (
  app: App,
  dimension: string,
  value: string,
  metricName: string,
): Promise<MetricAlarm> => {
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: app.cloudwatch }, {})) {
    const found = MetricAlarms.find(
      ({ MetricName, Dimensions = [] }) =>
        MetricName === metricName &&
        Dimensions.some(({ Name, Value }) => Name === dimension && Value === value),
    );
    if (found) return found;
  }
  throw new Error(`no alarm watches ${metricName} of ${value}`);
};

/** Lets minutes pass until the alarm is in a state: it is evaluated once a minute. */
export const untilAlarm = async (
  app: App,
  look: () => Promise<MetricAlarm>,
  state: 'OK' | 'ALARM',
): Promise<MetricAlarm> =>
  until(
    `the alarm to be ${state}`,
    async () => {
      const alarm = await look();
      if (alarm.StateValue !== state) await app.passTime(MINUTE_MS);
      return alarm;
    },
    ({ StateValue }) => StateValue === state,
    { timeoutMs: 15 * MINUTE_MS, everyMs: 50 },
  );

/**
 * How many executions of a function there were at once, at most, from a minute before `from` to an hour after it.
 * CloudWatch has a metric a few minutes after what it measures.
 */
export const highestConcurrency = async (app: App, functionName: string, from: Date): Promise<number> => {
  const query = new GetMetricDataCommand({
    StartTime: new Date(from.getTime() - MINUTE_MS),
    EndTime: new Date(from.getTime() + 60 * MINUTE_MS),
    MetricDataQueries: [
      {
        Id: 'concurrency',
        MetricStat: {
          Metric: {
            Namespace: 'AWS/Lambda',
            MetricName: 'ConcurrentExecutions',
            Dimensions: [{ Name: 'FunctionName', Value: functionName }],
          },
          Period: 60,
          Stat: 'Maximum',
        },
      },
    ],
  });
  const values = await until(
    `executions of ${functionName} in CloudWatch`,
    async () => (await app.cloudwatch.send(query)).MetricDataResults?.[0]?.Values ?? [],
    ({ length }) => length > 0,
    { timeoutMs: 5 * MINUTE_MS, everyMs: 200 },
  );
  return Math.max(...values);
};
