export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
export type TreatMissingData = 'breaching' | 'notBreaching' | 'ignore' | 'missing';

/** One period: whether its datum is on the wrong side of the threshold, or that there is none. */
export type Datapoint = 'breaching' | 'good' | 'missing';

export interface EvaluationRule {
  /** N: of how many periods the state is told. */
  readonly evaluationPeriods: number;
  /** M: how many of them have to be breaching. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
}

/** How many more periods are looked at than evaluated, in case some are missing: 5 for 3 in the documentation's tables. */
const MORE_PERIODS = 2;

/** The evaluation range, in periods. */
export const evaluationRange = ({ evaluationPeriods }: EvaluationRule): number =>
  evaluationPeriods + MORE_PERIODS;

/**
 * The state of an alarm after the datapoints of its evaluation range, the most recent one last
 * (Amazon CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data").
 * @returns undefined when the alarm keeps the state that it has.
 */
export const evaluate = (range: readonly Datapoint[], rule: EvaluationRule): AlarmState | undefined => {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = rule;
  const real = range.filter((datapoint) => datapoint !== 'missing').slice(-evaluationPeriods);
  const breaching = real.filter((datapoint) => datapoint === 'breaching').length;
  const missing = evaluationPeriods - real.length;
  if (breaching >= datapointsToAlarm) return 'ALARM';
  if (missing === 0 || treatMissingData === 'notBreaching') return 'OK';
  if (treatMissingData === 'breaching') return breaching + missing >= datapointsToAlarm ? 'ALARM' : 'OK';
  if (real.includes('good')) return 'OK';
  if (treatMissingData === 'ignore') return undefined;
  if (real.length === 0) return 'INSUFFICIENT_DATA';
  return isOldEnough(range, datapointsToAlarm) ? 'ALARM' : 'OK';
};

/**
 * "Avoiding premature transitions to alarm state": where nothing but breaching datapoints came, few as they are, the
 * oldest of them has to be as old as the number that an alarm takes.
 */
const isOldEnough = (range: readonly Datapoint[], datapointsToAlarm: number): boolean =>
  range.length - range.indexOf('breaching') >= datapointsToAlarm;
