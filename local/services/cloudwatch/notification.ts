import type { Publication } from '../../ports.ts';
import type { Alarm, StateChange } from './alarm.ts';
import { awsTime } from './state-reason.ts';

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** CloudWatch names a region by where it is; of those that it does not know here it gives the code. */
const regionNames: Readonly<Record<string, string>> = {
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-2': 'US West (Oregon)',
  'eu-central-1': 'EU (Frankfurt)',
  'eu-west-1': 'EU (Ireland)',
  'ap-northeast-2': 'Asia Pacific (Seoul)',
};

/** What an alarm tells an Amazon SNS topic when its state has changed, as JSON ("Notifying users on alarm changes"). */
export const alarmNotification = (
  { arn, definition, configuredAt, state: old }: Alarm,
  state: StateChange,
  { account, region }: Place,
): Publication => {
  const place = regionNames[region] ?? region;
  const message = {
    AlarmName: definition.name,
    AlarmDescription: definition.description ?? null,
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: awsTime(configuredAt),
    NewStateValue: state.value,
    NewStateReason: state.reason,
    StateChangeTime: awsTime(state.at),
    Region: place,
    AlarmArn: arn,
    OldStateValue: old.value,
    OKActions: definition.actions.OK,
    AlarmActions: definition.actions.ALARM,
    InsufficientDataActions: definition.actions.INSUFFICIENT_DATA,
    Trigger: {
      MetricName: definition.metricName,
      Namespace: definition.namespace,
      StatisticType: 'Statistic',
      Statistic: definition.statistic.toUpperCase(),
      Unit: null,
      Dimensions: Object.entries(definition.dimensions).map(([name, value]) => ({ value, name })),
      Period: definition.periodSeconds,
      EvaluationPeriods: definition.evaluationPeriods,
      DatapointsToAlarm: definition.datapointsToAlarm,
      ComparisonOperator: definition.comparison,
      Threshold: definition.threshold,
      TreatMissingData: definition.treatMissingData,
      EvaluateLowSampleCountPercentile: '',
    },
  };
  // "Subjects must be ASCII text ... and less than 100 characters long" (Amazon SNS API Reference, "Publish").
  const subject = `${state.value}: "${definition.name}" in ${place}`;
  return { subject: subject.slice(0, 99), message: JSON.stringify(message) };
};
