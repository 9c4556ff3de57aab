import { Match } from 'aws-cdk-lib/assertions';

/** What the alarm on the records that a consumer lost is like, whatever it reads from. @param id the consumer's construct id */
export const lostRecordsAlarm = (id: string) => ({
  Namespace: 'AWS/Lambda',
  MetricName: 'DestinationDeliveryFailures',
  Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp(`^${id}`) } }],
  Statistic: 'Sum',
  Threshold: 1,
  EvaluationPeriods: 1,
  AlarmDescription: Match.stringLikeRegexp('docs/runbooks/records-lost\\.md$'),
});
