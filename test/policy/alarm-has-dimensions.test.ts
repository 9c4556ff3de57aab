import { CfnAlarm, type CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { NagRuleCompliance } from 'cdk-nag';
import { alarmHasDimensions } from '../../lib/policy/rules/alarm-has-dimensions.ts';
import { judged, somethingElse } from './resources.ts';

const alarmed = (props: Partial<CfnAlarmProps>) =>
  judged(
    alarmHasDimensions,
    (stack) =>
      new CfnAlarm(stack, 'Alarm', {
        comparisonOperator: 'GreaterThanThreshold',
        evaluationPeriods: 1,
        ...props,
      }),
  );
const dimensions = [{ name: 'StreamName', value: 'activity' }];

const sum = { id: 'e', expression: 'a+b' };
const watching = (its?: typeof dimensions) => ({
  id: 'a',
  metricStat: {
    metric: { namespace: 'AWS/Kinesis', metricName: 'IteratorAge', ...(its && { dimensions: its }) },
    period: 60,
    stat: 'Sum',
  },
});

test.each([
  ['a dimension, and what silence means', { dimensions, treatMissingData: 'notBreaching' }],
  ['an expression over metrics', { metrics: [sum, watching(dimensions)], treatMissingData: 'missing' }],
  ['an expression alone', { metrics: [sum], treatMissingData: 'missing' }],
])('compliant: %s', (_, props) => {
  expect(alarmed(props)).toBe(NagRuleCompliance.COMPLIANT);
});

test.each([
  ['no dimension: it can never go off', { metricName: 'IteratorAge', treatMissingData: 'notBreaching' }],
  ['an empty list of dimensions', { dimensions: [], treatMissingData: 'notBreaching' }],
  [
    'a metric without dimensions in an expression',
    { metrics: [sum, watching()], treatMissingData: 'missing' },
  ],
  ['one of two', { metrics: [watching(dimensions), watching([])], treatMissingData: 'missing' }],
  ['no metrics at all', { metrics: [], treatMissingData: 'missing' }],
  ['nothing said of missing data', { dimensions }],
])('non-compliant: %s', (_, props) => {
  expect(alarmed(props)).toBe(NagRuleCompliance.NON_COMPLIANT);
});

test('not applicable: anything but an alarm', () => {
  expect(judged(alarmHasDimensions, somethingElse)).toBe(NagRuleCompliance.NOT_APPLICABLE);
});
