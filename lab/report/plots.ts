import { type BrokerName, brokerNames } from '../broker.ts';
import { type RunName, type RunResult, runNames } from '../runs/run.ts';
import { barChart, type Line, lineChart } from './chart.ts';

/** Told apart also by who does not see red and green alike (Okabe and Ito's palette). */
export const colors: Readonly<Record<BrokerName, string>> = {
  sqs: '#0072b2',
  'sqs-fifo': '#56b4e9',
  'sns-sqs': '#009e73',
  kinesis: '#e69f00',
  kafka: '#d55e00',
};

export interface Plot {
  readonly title: string;
  readonly says: string;
  readonly svg: string;
}

const of = (results: readonly RunResult[], run: RunName): readonly RunResult[] =>
  results.filter((one) => one.run === run && one.notMeasurable === undefined);

const lineOf = (broker: BrokerName, points: Line['points']): Line => ({
  name: broker,
  color: colors[broker],
  points,
});

const PERCENTILES = ['p50', 'p90', 'p99', 'p99.9', 'max'];

export const latencyPlot = (results: readonly RunResult[]): Plot | undefined => {
  const lines = of(results, 'clean').flatMap(({ broker, latency }) => {
    if (!latency) return [];
    const { p50, p90, p99, p999, max } = latency;
    return [
      lineOf(
        broker,
        [p50, p90, p99, p999, max].flatMap((ms, index) => (ms === undefined ? [] : [[index, ms] as const])),
      ),
    ];
  });
  if (lines.length === 0) return undefined;
  const title = 'Latency from end to end';
  const names = PERCENTILES.map((name, index) => [index, name] as const);
  const svg = lineChart(title, lines, { label: 'percentile', names }, { label: 'ms' }, true);
  return {
    title,
    says: 'From the time at which a message should have been sent until a consumer has it. The scale is logarithmic. A percentile that there are too few messages for has no point.',
    svg,
  };
};

export const throughputPlot = (results: readonly RunResult[]): Plot | undefined => {
  const points = of(results, 'scale').flatMap(({ broker, variant, throughput }) =>
    throughput === undefined ? [] : [{ broker, at: [Number(variant), throughput] as const }],
  );
  if (points.length === 0) return undefined;
  const lines = brokerNames.flatMap((name) => {
    const own = points.filter(({ broker }) => broker === name).map(({ at }) => at);
    return own.length === 0 ? [] : [lineOf(name, own)];
  });
  const title = 'Throughput by the number of consumers';
  return {
    title,
    says: 'The same backlog is drained, 10 ms of work for each message. Where it stops growing, consumers have nothing left to share. One consumer of Kinesis reads its shards side by side.',
    svg: lineChart(title, lines, { label: 'consumers' }, { label: 'messages a second' }),
  };
};

export const backlogPlot = (
  results: readonly RunResult[],
  run: Extract<RunName, 'outage' | 'away' | 'clean'>,
  title: string,
  says: string,
): Plot | undefined => {
  const lines = of(results, run).flatMap(({ broker, backlog }) =>
    backlog
      ? [
          lineOf(
            broker,
            backlog.map(([ms, waiting]) => [ms / 1_000, waiting] as const),
          ),
        ]
      : [],
  );
  if (lines.length === 0) return undefined;
  return { title, says, svg: lineChart(title, lines, { label: 'seconds' }, { label: 'messages that wait' }) };
};

export const orderPlot = (results: readonly RunResult[]): Plot | undefined => {
  const measured = results.filter(({ notMeasurable }) => notMeasurable === undefined);
  const brokers = brokerNames.filter((name) => measured.some(({ broker }) => broker === name));
  const wanted = runNames.filter(
    (name) => ['clean', 'share', 'away', 'crash'].includes(name) && of(results, name).length > 0,
  );
  if (wanted.length === 0) return undefined;
  const groups = wanted.map((name) => ({
    name,
    bars: brokers.map((broker) => {
      const findings = of(results, name)
        .filter((one) => one.broker === broker)
        .flatMap((one) => Object.values(one.findings));
      const value = findings.reduce((sum, one) => sum + one.inversionsPerKey.length, 0);
      return { name: broker, color: colors[broker], value };
    }),
  }));
  const title = 'Order violations within a key';
  return {
    title,
    says: 'Messages that were handled first after a later one of the same producer and key, by scenario.',
    svg: barChart(title, groups, 'messages'),
  };
};

/** All plots that there is something for. */
export const plotsOf = (results: readonly RunResult[]): readonly Plot[] =>
  [
    latencyPlot(results),
    throughputPlot(results),
    backlogPlot(
      results,
      'outage',
      'Backlog through an outage of the broker',
      'It is killed halfway through the load and comes back; a consumer starts when it is there again.',
    ),
    backlogPlot(
      results,
      'away',
      'Backlog while the consumer is away',
      'One half of the messages is sent while it reads, the other while it is away.',
    ),
    orderPlot(results),
  ].filter((plot) => plot !== undefined);
