import { Duration } from 'aws-cdk-lib';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { CustomMetricGroup } from 'cdk-monitoring-constructs';
import type { IConstruct } from 'constructs';
import { DeadLetterQueue } from '../../constructs/dead-letter-queue.ts';
import { EventStream } from '../../constructs/event-stream.ts';
import { FanOutTopic } from '../../constructs/fan-out-topic.ts';
import { OrderedQueue } from '../../constructs/ordered-queue.ts';
import { PushChannel } from '../../constructs/push-channel.ts';
import { ServiceApi } from '../../constructs/service-api.ts';
import { ServiceFunction } from '../../constructs/service-function.ts';
import { WorkQueue } from '../../constructs/work-queue.ts';
import { find, labelOf } from './find.ts';

const period = Duration.minutes(1);
const sum = { period, statistic: 'Sum' };
const maximum = { period, statistic: 'Maximum' };

/** One graph with a line for each of `all`; none where there is nothing to draw. */
const graph = <T extends IConstruct>(
  title: string,
  all: readonly T[],
  lineOf: (one: T, label: string) => Metric,
): CustomMetricGroup[] =>
  all.length === 0 ? [] : [{ title, metrics: all.map((one) => lineOf(one, labelOf(one))) }];

/** What there is to see of everything beneath some constructs, in the order in which a message passes it. */
export const graphsOf = (scopes: readonly IConstruct[]): CustomMetricGroup[] => {
  const queues = [...find(scopes, WorkQueue), ...find(scopes, OrderedQueue)];
  return [
    ...requests(find(scopes, ServiceApi)),
    ...connections(find(scopes, PushChannel)),
    ...topics(find(scopes, FanOutTopic)),
    ...waiting(queues),
    ...streams(find(scopes, EventStream)),
    ...groups(find(scopes, Alarm)),
    ...functions(find(scopes, ServiceFunction)),
    ...graph('Dead letters', find(scopes, DeadLetterQueue), ({ queue }, label) =>
      queue.metricApproximateNumberOfMessagesVisible({ ...maximum, label }),
    ),
  ];
};

const requests = (apis: readonly ServiceApi[]): CustomMetricGroup[] =>
  apis.flatMap(({ restApi: { deploymentStage: stage } }) => [
    { title: 'Requests', metrics: [stage.metricCount({ ...sum, label: 'requests' })] },
    {
      title: 'Refused (4xx) and failed (5xx)',
      metrics: [
        stage.metricClientError({ ...sum, label: '4xx' }),
        stage.metricServerError({ ...sum, label: '5xx' }),
      ],
    },
    {
      title: 'Latency (ms)',
      metrics: ['p50', 'p99'].map((statistic) =>
        stage.metricLatency({ period, statistic, label: statistic }),
      ),
    },
  ]);

const connections = (channels: readonly PushChannel[]): CustomMetricGroup[] =>
  channels.map(({ api, stage }) => ({
    title: 'WebSocket: connects, messages, errors',
    metrics: ['ConnectCount', 'MessageCount', 'IntegrationError', 'ExecutionError'].map(
      (metricName) =>
        new Metric({
          namespace: 'AWS/ApiGateway',
          metricName,
          dimensionsMap: { ApiId: api.apiId, Stage: stage.stageName },
          ...sum,
          label: metricName,
        }),
    ),
  }));

const topics = (all: readonly FanOutTopic[]): CustomMetricGroup[] => [
  ...graph('Published', all, ({ topic }, label) => topic.metricNumberOfMessagesPublished({ ...sum, label })),
  ...graph('Delivered to subscribers', all, ({ topic }, label) =>
    topic.metricNumberOfNotificationsDelivered({ ...sum, label }),
  ),
  ...graph('Deliveries that failed', all, ({ topic }, label) =>
    topic.metricNumberOfNotificationsFailed({ ...sum, label }),
  ),
];

const waiting = (queues: readonly (WorkQueue | OrderedQueue)[]): CustomMetricGroup[] => [
  ...graph('Backlog', queues, ({ queue }, label) =>
    queue.metricApproximateNumberOfMessagesVisible({ ...maximum, label }),
  ),
  ...graph('In flight', queues, ({ queue }, label) =>
    queue.metricApproximateNumberOfMessagesNotVisible({ ...maximum, label }),
  ),
  ...graph('Age of the oldest message (s)', queues, ({ queue }, label) =>
    queue.metricApproximateAgeOfOldestMessage({ ...maximum, label }),
  ),
];

const streams = (all: readonly EventStream[]): CustomMetricGroup[] => [
  ...graph('Records in', all, ({ stream }, label) => stream.metricIncomingRecords({ ...sum, label })),
  ...graph('Iterator age (ms)', all, ({ stream }, label) =>
    stream.metricGetRecordsIteratorAgeMilliseconds({ ...maximum, label }),
  ),
  ...graph('Writes refused: shards too few', all, ({ stream }, label) =>
    stream.metricWriteProvisionedThroughputExceeded({ ...sum, label }),
  ),
];

/** How far the groups of Kafka are behind: what their alarms watch. */
const groups = (alarms: readonly Alarm[]): CustomMetricGroup[] => {
  const watched = alarms.flatMap(({ metric }) =>
    metric instanceof Metric && metric.metricName === 'SumOffsetLag' ? [metric] : [],
  );
  const metrics = watched.map((metric) =>
    metric.with({ label: String(metric.dimensions?.['Consumer Group']) }),
  );
  return metrics.length === 0 ? [] : [{ title: 'Behind, in records', metrics }];
};

const functions = (all: readonly ServiceFunction[]): CustomMetricGroup[] => [
  ...graph('Invocations', all, ({ function: fn }, label) => fn.metricInvocations({ ...sum, label })),
  ...graph('Duration, p99 (ms)', all, ({ function: fn }, label) =>
    fn.metricDuration({ period, statistic: 'p99', label }),
  ),
  ...graph('Errors', all, ({ function: fn }, label) => fn.metricErrors({ ...sum, label })),
  ...graph('Throttles', all, ({ function: fn }, label) => fn.metricThrottles({ ...sum, label })),
];
