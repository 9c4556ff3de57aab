import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { CustomMetricGroup } from 'cdk-monitoring-constructs';
import type { IConstruct } from 'constructs';
import { EventStream } from '../../constructs/event-stream.ts';
import { FanOutTopic } from '../../constructs/fan-out-topic.ts';
import { ServiceApi } from '../../constructs/service-api.ts';
import { ServiceFunction } from '../../constructs/service-function.ts';
import { find } from './find.ts';

const period = Duration.hours(1);
const sum = { period, statistic: 'Sum' };

/** The sum of metrics, each times its weight, as one line. */
const total = (
  label: string,
  metrics: readonly IMetric[],
  weights: readonly number[] = [],
): MathExpression => {
  const named = metrics.map((metric, index) => [
    `${label.toLowerCase().replaceAll(/\W/g, '')}${index}`,
    metric,
  ]);
  const terms = named.map(([name], index) =>
    weights[index] === undefined ? name : `${name}*${weights[index]}`,
  );
  return new MathExpression({
    // A queue that nothing came to has no datum: SUM passes over it, which "+" does not.
    expression: `SUM([${terms.join(', ')}])`,
    usingMetrics: Object.fromEntries(named),
    label,
    period,
  });
};

/** What is paid for, by the hour, of everything beneath some constructs. */
export const costDrivers = (scopes: readonly IConstruct[]): CustomMetricGroup[] => {
  const fns = find(scopes, ServiceFunction).map((one) => one.function);
  const queues = find(scopes, Queue);
  const tables = find(scopes, Table);
  const topics = find(scopes, FanOutTopic).map(({ topic }) => topic);
  const streams = find(scopes, EventStream).map(({ stream }) => stream);
  const apis = find(scopes, ServiceApi).map(({ restApi }) => restApi.deploymentStage);
  return [
    {
      title: 'API requests an hour',
      metrics: [
        total(
          'Requests',
          apis.map((api) => api.metricCount(sum)),
        ),
      ],
    },
    {
      title: 'Function GB-seconds an hour',
      metrics: [
        total(
          'GB seconds',
          fns.map((fn) => fn.metricDuration(sum)),
          // Durations are milliseconds.
          find(scopes, ServiceFunction).map(({ memorySize }) => memorySize / 1024 / 1000),
        ),
      ],
    },
    {
      title: 'Queue requests an hour, at most: batches count once',
      metrics: [
        total(
          'Sent',
          queues.map((queue) => queue.metricNumberOfMessagesSent(sum)),
        ),
        total(
          'Received',
          queues.map((queue) => queue.metricNumberOfMessagesReceived(sum)),
        ),
        total(
          'Empty receives',
          queues.map((queue) => queue.metricNumberOfEmptyReceives(sum)),
        ),
        total(
          'Deleted',
          queues.map((queue) => queue.metricNumberOfMessagesDeleted(sum)),
        ),
      ],
    },
    {
      title: 'Messages published an hour',
      metrics: [
        total(
          'Published',
          topics.map((topic) => topic.metricNumberOfMessagesPublished(sum)),
        ),
      ],
    },
    {
      title: 'Stream records an hour',
      metrics: [
        total(
          'Records',
          streams.map((stream) => stream.metricIncomingRecords(sum)),
        ),
      ],
    },
    {
      title: 'Table capacity units an hour',
      metrics: [
        total(
          'Read',
          tables.map((table) => table.metricConsumedReadCapacityUnits(sum)),
        ),
        total(
          'Written',
          tables.map((table) => table.metricConsumedWriteCapacityUnits(sum)),
        ),
      ],
    },
  ];
};
