import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cloudWatchAlarm } from '../../../../local/resources/cloudwatch-alarm.ts';
import { isKept } from '../../../../local/services/cloudwatch/kept-metrics.ts';

const local = join(import.meta.dirname, '../../../../local');

test('every metric that a service reports by its name is known as kept', () => {
  const reported = readdirSync(local, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(local, file), 'utf8'))
    .flatMap((source) => [...source.matchAll(/metrics\.record\('(AWS\/\w+)', '([\w.]+)'/g)])
    .map(([, namespace = '', metricName = '']) => ({ namespace, metricName }));

  expect(reported.length).toBeGreaterThan(10);
  expect(reported.filter(({ namespace, metricName }) => !isKept(namespace, metricName))).toEqual([]);
});

test('an alarm on a metric that nothing reports is told as such, and no other', () => {
  const alarm = (Namespace: string, MetricName: string) =>
    cloudWatchAlarm.limits?.(
      cloudWatchAlarm.properties.parse({
        ...{ Namespace, MetricName, Statistic: 'Sum', Period: 60, Threshold: 1, EvaluationPeriods: 1 },
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );

  expect(alarm('AWS/EC2', 'CPUUtilization')).toEqual([
    { property: 'MetricName', reason: 'nothing here reports AWS/EC2 CPUUtilization: its alarm has no data' },
  ]);
  expect(alarm('AWS/Lambda', 'Errors')).toEqual([]);
  expect(alarm('AWS/SNS', 'NumberOfNotificationsFilteredOut-InvalidAttributes')).toEqual([]);
});
