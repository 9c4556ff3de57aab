import type { Dimensions, Statistic } from '../../metrics.ts';
import type { AlarmState, EvaluationRule } from './evaluation.ts';

const statistics = {
  SampleCount: ({ count }: Statistic) => count,
  Average: ({ sum, count }: Statistic) => sum / count,
  Sum: ({ sum }: Statistic) => sum,
  Minimum: ({ minimum }: Statistic) => minimum,
  Maximum: ({ maximum }: Statistic) => maximum,
};

export type StatisticName = keyof typeof statistics;
export const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;

export const statisticValue = (statistic: Statistic, name: StatisticName): number =>
  statistics[name](statistic);

const comparisons = {
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
};

export type ComparisonOperator = keyof typeof comparisons;
export const COMPARISONS = [
  'GreaterThanThreshold',
  'GreaterThanOrEqualToThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] as const;

/** An alarm on one metric, as `PutMetricAlarm` describes it. */
export interface AlarmDefinition extends EvaluationRule {
  readonly name: string;
  readonly description: string | undefined;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Dimensions;
  readonly statistic: StatisticName;
  readonly periodSeconds: number;
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  readonly actionsEnabled: boolean;
  /** ARNs, by the state that they are notified of. */
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>;
}

export interface StateChange {
  readonly value: AlarmState;
  readonly reason: string;
  /** JSON, for programs. */
  readonly reasonData: string | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** An alarm of the account and the state that it is in. */
export interface Alarm {
  readonly arn: string;
  readonly definition: AlarmDefinition;
  /** Milliseconds since the epoch. */
  readonly configuredAt: number;
  readonly state: StateChange;
}

export const isBreaching = ({ comparison, threshold }: AlarmDefinition, value: number): boolean =>
  comparisons[comparison](value, threshold);
