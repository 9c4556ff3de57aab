import * as z from 'zod';
import type { Resource } from './templates.ts';

const Alarm = z.object({
  AlarmDescription: z.string(),
  Namespace: z.string(),
  MetricName: z.string(),
  Statistic: z.string(),
  Threshold: z.number(),
  Period: z.number(),
  EvaluationPeriods: z.number(),
  DatapointsToAlarm: z.number().optional(),
  TreatMissingData: z.string(),
  AlarmActions: z.array(z.unknown()).default([]),
});
type Alarm = z.infer<typeof Alarm>;

/** Alarms that differ only in what they watch. */
export interface AlarmKind {
  /** `AWS/SQS ApproximateAgeOfOldestMessage`. */
  readonly metric: string;
  /** `Maximum >= 900, 1 of 1 min`. */
  readonly when: string;
  readonly missing: string;
  readonly runbook: string;
  /** Whether anybody is told. */
  readonly told: boolean;
  /** Paths of constructs, from their stack. */
  readonly watches: readonly string[];
}

/** The alarms of an assembly, those of a kind together, in the order of their metrics. */
export const alarmKinds = (alarms: readonly Resource[]): readonly AlarmKind[] => {
  const kinds = new Map<string, AlarmKind>();
  for (const { Properties } of alarms) {
    const alarm = Alarm.parse(Properties);
    const [what = '', page = ''] = alarm.AlarmDescription.split('. What to do: ');
    const kind = {
      metric: `${alarm.Namespace} ${alarm.MetricName}`,
      when: whenOf(alarm),
      missing: alarm.TreatMissingData,
      runbook: page,
      told: alarm.AlarmActions.length > 0,
    };
    const key = JSON.stringify(kind);
    const watches = [...(kinds.get(key)?.watches ?? []), what.split(': ')[0] ?? ''];
    kinds.set(key, { ...kind, watches });
  }
  return [...kinds.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind);
};

const whenOf = (alarm: Alarm): string => {
  const { Statistic, Threshold, Period, EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods } = alarm;
  const minutes = Period / 60;
  return `${Statistic} >= ${Threshold}, ${DatapointsToAlarm * minutes} of ${EvaluationPeriods * minutes} min`;
};

/** The table as text, a block for each kind. */
export const alarmTable = (kinds: readonly AlarmKind[]): string => {
  const blocks = kinds.map(({ metric, when, missing, runbook, told, watches }) =>
    [
      `${metric}   ${when}   missing data: ${missing}   ${runbook}${told ? '' : '   tells nobody'}`,
      ...watches.toSorted().map((one) => `  ${one}`),
    ].join('\n'),
  );
  const count = kinds.reduce((sum, { watches }) => sum + watches.length, 0);
  return [...blocks, `${count} alarms of ${kinds.length} kinds`].join('\n');
};
