import type { MetricStore } from '../../metrics.ts';
import { type AlarmDefinition, isBreaching, type StateChange, statisticValue } from './alarm.ts';
import { type AlarmState, type Datapoint, evaluate, evaluationRange } from './evaluation.ts';
import { reasonData, reasonFor } from './state-reason.ts';

/** The datum of one period; `value` is undefined when the metric had none. */
export interface PeriodValue {
  readonly startMs: number;
  readonly value: number | undefined;
}

/**
 * What an alarm says at `at` (milliseconds since the epoch, a full minute), from the periods that end there.
 * An alarm is evaluated every minute, also when its period is longer: its periods then slide
 * (Amazon CloudWatch User Guide, "Evaluating an alarm").
 * @returns undefined when it keeps its state.
 */
export const evaluateAt = (
  alarm: AlarmDefinition,
  current: AlarmState,
  metrics: MetricStore,
  at: number,
): StateChange | undefined => {
  const periods = periodsBefore(alarm, metrics, at);
  const value = evaluate(
    periods.map((period) => datapointOf(alarm, period)),
    alarm,
  );
  if (value === undefined || value === current) return undefined;
  return {
    value,
    reason: reasonFor(alarm, periods, current, value),
    reasonData: reasonData(alarm, periods, at),
    at,
  };
};

const periodsBefore = (alarm: AlarmDefinition, metrics: MetricStore, at: number): PeriodValue[] => {
  const { namespace, metricName, dimensions, statistic, periodSeconds } = alarm;
  const periodMs = periodSeconds * 1000;
  return Array.from({ length: evaluationRange(alarm) }, (_, index) => {
    const startMs = at - (evaluationRange(alarm) - index) * periodMs;
    const data = metrics.statistic(namespace, metricName, dimensions, startMs, startMs + periodMs);
    return { startMs, value: data && statisticValue(data, statistic) };
  });
};

const datapointOf = (alarm: AlarmDefinition, { value }: PeriodValue): Datapoint => {
  if (value === undefined) return 'missing';
  return isBreaching(alarm, value) ? 'breaching' : 'good';
};
