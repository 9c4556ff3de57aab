import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface AlarmOptions {
  /**
   * Where alarms are sent, when they go off and when they clear.
   * @default - they are seen in CloudWatch only
   */
  readonly alarmTopic?: ITopic;
}

/** What to do about an alarm: one page for each kind, `docs/runbooks/<kind>.md`. */
export type Runbook =
  | 'api-errors'
  | 'consumer-lag'
  | 'dead-letters'
  | 'function-errors'
  | 'function-throttles'
  | 'queue-age'
  | 'queue-backlog'
  | 'records-lost'
  | 'stream-lag'
  | 'topic-failed'
  | 'topic-lost';

interface Threshold {
  readonly metric: IMetric;
  /** The alarm goes off at this value or above. */
  readonly atLeast: number;
  /**
   * In how many minutes.
   * @default 1
   */
  readonly minutes?: number;
  /**
   * Out of how many minutes.
   * @default - as many as `minutes`: all of them, running
   */
  readonly outOf?: number;
  readonly description: string;
  readonly runbook: Runbook;
}

/** How often SQS, SNS, Kinesis and Lambda report their metrics. */
export const everyMinute = Duration.minutes(1);

/** An alarm that goes off at a threshold. A service that reports nothing has nothing to complain of. */
export const alarm = (
  scope: Construct,
  id: string,
  { metric, atLeast, minutes = 1, outOf = minutes, description, runbook }: Threshold,
  { alarmTopic }: AlarmOptions,
): Alarm => {
  const created = new Alarm(scope, id, {
    metric,
    threshold: atLeast,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: outOf,
    ...(outOf !== minutes && { datapointsToAlarm: minutes }),
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: `${description}. What to do: docs/runbooks/${runbook}.md`,
  });
  if (alarmTopic) {
    const action: IAlarmAction = new SnsAction(alarmTopic);
    created.addAlarmAction(action);
    created.addOkAction(action);
  }
  return created;
};
