import type { AlarmDefinition, ComparisonOperator } from './alarm.ts';
import { isBreaching } from './alarm.ts';
import type { PeriodValue } from './alarm-evaluator.ts';
import type { AlarmState } from './evaluation.ts';

const words: Readonly<Record<ComparisonOperator, string>> = {
  GreaterThanThreshold: 'greater than',
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

/** Why the state has changed, in CloudWatch's words. */
export const reasonFor = (
  alarm: AlarmDefinition,
  periods: readonly PeriodValue[],
  from: AlarmState,
  to: AlarmState,
): string => {
  const { evaluationPeriods, datapointsToAlarm, threshold, comparison, treatMissingData } = alarm;
  const recent = evaluated(alarm, periods);
  const missing = evaluationPeriods - recent.length;
  if (to === 'INSUFFICIENT_DATA')
    return `Insufficient Data: ${plural(missing, 'datapoint')} ${missing === 1 ? 'was' : 'were'} unknown.`;
  if (recent.length === 0)
    return `Threshold Crossed: no datapoints were received for ${plural(evaluationPeriods, 'period')} and ${plural(missing, 'missing datapoint')} ${missing === 1 ? 'was' : 'were'} treated as [${treatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching'}].`;
  const telling = recent.filter(({ value }) => isBreaching(alarm, value) === (to === 'ALARM'));
  const listed = telling.map(({ value, startMs }) => `${decimal(value)} (${shortTime(startMs)})`).join(', ');
  const crossed = `${telling.length} out of the last ${recent.length} datapoints [${listed}]`;
  const verb = telling.length === 1 ? 'was' : 'were';
  const least = to === 'ALARM' ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  return `Threshold Crossed: ${crossed} ${verb} ${to === 'ALARM' ? '' : 'not '}${words[comparison]} the threshold (${decimal(threshold)}) (minimum ${plural(least, 'datapoint')} for ${from} -> ${to} transition).`;
};

export const reasonData = (alarm: AlarmDefinition, periods: readonly PeriodValue[], at: number): string => {
  const recent = evaluated(alarm, periods);
  const [first] = recent;
  return JSON.stringify({
    version: '1.0',
    queryDate: awsTime(at),
    ...(first && { startDate: awsTime(first.startMs) }),
    statistic: alarm.statistic,
    period: alarm.periodSeconds,
    recentDatapoints: recent.map(({ value }) => value),
    threshold: alarm.threshold,
    evaluatedDatapoints: recent
      .toReversed()
      .map(({ startMs, value }) => ({ timestamp: awsTime(startMs), value })),
  });
};

/** `2026-01-31T12:00:00.000+0000` */
export const awsTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000');

const evaluated = (
  { evaluationPeriods }: AlarmDefinition,
  periods: readonly PeriodValue[],
): { startMs: number; value: number }[] =>
  periods
    .flatMap(({ startMs, value }) => (value === undefined ? [] : [{ startMs, value }]))
    .slice(-evaluationPeriods);

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

/** `31/01/26 12:00:00` */
const shortTime = (ms: number): string => {
  const [date = '', time = ''] = new Date(ms).toISOString().split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`;
};
