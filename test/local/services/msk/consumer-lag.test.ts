import { VirtualClock } from '../../../../local/clock.ts';
import { MetricStore } from '../../../../local/metrics.ts';
import type { AlarmDefinition } from '../../../../local/services/cloudwatch/alarm.ts';
import { CloudWatch } from '../../../../local/services/cloudwatch/service.ts';
import { ConsumerLag } from '../../../../local/services/msk/consumer-lag.ts';
import { FakeBroker, pass, TOPIC } from '../../kafka/fake-broker.ts';
import { GROUP, gate, kafkaMapping } from '../../pollers/kafka-mapping.ts';
import { foundation } from '../sqs/sqs-server.ts';

const MINUTE = 60_000;
const dimensions = { 'Cluster Name': 'activity', 'Consumer Group': GROUP, Topic: TOPIC };

/** As a `KafkaTopic` has it for each of its groups, at another threshold. */
const lagAlarm: AlarmDefinition = {
  name: 'Lag',
  description: 'more than 10 records behind',
  namespace: 'AWS/Kafka',
  metricName: 'SumOffsetLag',
  dimensions,
  statistic: 'Maximum',
  periodSeconds: 60,
  threshold: 10,
  comparison: 'GreaterThanOrEqualToThreshold',
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  treatMissingData: 'notBreaching',
  actionsEnabled: false,
  actions: { ALARM: [], OK: [], INSUFFICIENT_DATA: [] },
};

const records = (count: number): string[] => Array.from({ length: count }, (_, index) => `record-${index}`);

/** A group of a topic of two partitions, as the gauge reports it at the end of a minute. */
const watching = (begins: 'low' | 'high' = 'low') => {
  const clock = new VirtualClock();
  const broker = new FakeBroker(clock);
  const metrics = new MetricStore(clock);
  const lag = new ConsumerLag(foundation(clock), () => broker.client);
  lag.watch({ clusterName: 'activity', groupId: GROUP, topic: TOPIC, begins });
  const behindOf = (group: string) => {
    const of = { ...dimensions, 'Consumer Group': group };
    return metrics.statistic('AWS/Kafka', 'SumOffsetLag', of, clock.now() - MINUTE, clock.now())?.maximum;
  };
  const afterMinute = async () => {
    await pass(clock, MINUTE);
    lag.gauge(metrics, clock.now());
    return behindOf(GROUP);
  };
  return { broker, lag, afterMinute, behindOf };
};

test('the alarm goes off while a consumer hangs, without a batch that ends, and clears when it has caught up', async () => {
  const { opened, open } = gate();
  const { start, broker, clock, base, metrics, msk } = kafkaMapping(async () => {
    await opened;
    return undefined;
  });
  const topics = { publish: () => Promise.reject(new Error('nobody is told')) };
  const cloudWatch = new CloudWatch(base, { metrics, topics, gauges: [msk.lag.gauge] });
  await cloudWatch.putAlarm(lagAlarm);
  const state = () => cloudWatch.find('Lag')?.state.value;
  broker.append(0, ...records(12));

  await start();
  await pass(clock, 2 * MINUTE);
  expect(state()).not.toBe('ALARM');
  await pass(clock, 2 * MINUTE);
  expect(state()).toBe('ALARM');
  open();
  await pass(clock, 2 * MINUTE);

  expect(state()).toBe('OK');
  expect(metrics.all()).toEqual([{ namespace: 'AWS/Kafka', name: 'SumOffsetLag', dimensions }]);
});

test('a group that nobody is in falls behind as well', async () => {
  const { start, mappings, broker, clock, metrics, msk } = kafkaMapping(() => undefined);
  broker.append(0, 'a');
  const uuid = await start();
  await pass(clock, 1_000);
  mappings.update(uuid, { enabled: false, settings: {} });
  await pass(clock, 1_000);

  broker.append(0, ...records(3));
  broker.append(1, ...records(4));
  await pass(clock, MINUTE);
  msk.lag.gauge(metrics, clock.now());

  expect(metrics.statistic('AWS/Kafka', 'SumOffsetLag', dimensions, 0, clock.now())?.maximum).toBe(7);
});

test.each([
  ['its beginning', 'low', 5],
  ['its end', 'high', 2],
] as const)(
  'a partition of which nothing was committed counts from where the group begins: %s',
  async (_, begins, behind) => {
    const { broker, afterMinute } = watching(begins);
    broker.append(0, ...records(3));
    broker.append(1, ...records(4));
    broker.committed.set(1, 2);

    expect(await afterMinute()).toBe(behind);
  },
);

test('a topic that nobody has made hides no other group', async () => {
  const { broker, lag, afterMinute, behindOf } = watching();
  lag.watch({ clusterName: 'activity', groupId: GROUP, topic: 'nobody-made-this', begins: 'low' });
  lag.watch({ clusterName: 'activity', groupId: 'archive', topic: TOPIC, begins: 'low' });
  broker.append(0, ...records(3));

  const behind = await afterMinute();

  expect([behind, behindOf('archive')]).toEqual([3, 3]);
});

test('a partition that was caught up with while the broker was asked hides nothing of another one', async () => {
  const { broker, afterMinute } = watching();
  broker.append(0, ...records(3));
  broker.committed.set(1, 5);

  expect(await afterMinute()).toBe(3);
});

test('while the broker is away the last answer stands, and before the first one there is no datum', async () => {
  const { broker, afterMinute } = watching();
  broker.away = true;
  const before = await afterMinute();
  broker.away = false;
  broker.append(0, 'a');
  const there = await afterMinute();
  broker.away = true;

  expect([before, there, await afterMinute()]).toEqual([undefined, 1, 1]);
});

test('nobody is asked after the end', async () => {
  const { broker, lag, afterMinute } = watching();
  broker.append(0, 'a');

  await lag.close();

  expect(await afterMinute()).toBeUndefined();
});
