import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { VirtualClock } from '../../../../local/clock.ts';
import { Gateway } from '../../../../local/gateway.ts';
import { MetricStore } from '../../../../local/metrics.ts';
import type { Caller, Publication, Topics } from '../../../../local/ports.ts';
import type { AlarmDefinition } from '../../../../local/services/cloudwatch/alarm.ts';
import { CloudWatch, type Gauge } from '../../../../local/services/cloudwatch/service.ts';
import { foundation } from '../sqs/sqs-server.ts';

export const MINUTE = 60_000;
export const TOPIC = 'arn:aws:sns:us-east-1:000000000000:Alarms';

export interface Notification {
  readonly topicArn: string;
  readonly publication: Publication;
  readonly caller: Caller;
}

/** An alarm that goes off when `Depth` of the queue `Jobs` is 10 or more in one minute. */
export const depthAlarm = (change: Partial<AlarmDefinition> = {}): AlarmDefinition => ({
  name: 'Backlog',
  description: 'too many wait',
  namespace: 'AWS/SQS',
  metricName: 'Depth',
  dimensions: { QueueName: 'Jobs' },
  statistic: 'Maximum',
  periodSeconds: 60,
  threshold: 10,
  comparison: 'GreaterThanOrEqualToThreshold',
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  treatMissingData: 'notBreaching',
  actionsEnabled: true,
  actions: { ALARM: [TOPIC], OK: [TOPIC], INSUFFICIENT_DATA: [] },
  ...change,
});

/** CloudWatch on a virtual clock that stands at a full minute, with what it publishes and what it measures. */
export const cloudWatchInTest = ({
  gauges = [],
  file = ':memory:',
  topics = {},
}: {
  readonly gauges?: readonly Gauge[];
  readonly file?: string;
  readonly topics?: Partial<Topics>;
} = {}) => {
  const clock = new VirtualClock();
  const metrics = new MetricStore(clock);
  const base = { ...foundation(clock, { file }), metrics };
  const published: Notification[] = [];
  const publish: Topics['publish'] = async (topicArn, publication, caller) => {
    published.push({ topicArn, publication, caller });
    return { messageId: `m-${published.length}` };
  };
  const cloudWatch = new CloudWatch(base, { metrics, gauges, topics: { publish, ...topics } });
  const measure = (value: number) => metrics.record('AWS/SQS', 'Depth', { QueueName: 'Jobs' }, value);
  const stateOf = (name: string) => cloudWatch.find(name)?.state.value;
  return { base, clock, metrics, cloudWatch, published, measure, stateOf };
};

/** The same behind the gateway, and a client of it. */
export const startCloudWatch = async () => {
  const inTest = cloudWatchInTest();
  const gateway = new Gateway();
  const endpoint = await gateway.listen(0);
  gateway.serve({
    iam: inTest.base.iam,
    protocols: new Map([['monitoring', inTest.cloudWatch.protocol]]),
    upgrade: (_, socket) => socket.destroy(),
  });
  const client = new CloudWatchClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const close = async () => {
    client.destroy();
    gateway.refuse();
    await gateway.close();
    await inTest.cloudWatch.close();
    inTest.base.store.close();
  };
  return { ...inTest, endpoint, client, close };
};
