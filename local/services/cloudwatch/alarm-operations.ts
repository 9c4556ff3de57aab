import { z } from 'zod';
import { AwsError } from '../../errors.ts';
import type { Alarm } from './alarm.ts';
import { operation, page, toDimensionList, toTimestamp } from './operation.ts';

const stateValue = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);
const MOST_DESCRIBED = 100;

const describeAlarms = operation(
  z.object({
    AlarmNames: z.array(z.string()).optional(),
    AlarmNamePrefix: z.string().optional(),
    AlarmTypes: z.array(z.enum(['MetricAlarm', 'CompositeAlarm', 'LogAlarm'])).default(['MetricAlarm']),
    StateValue: stateValue.optional(),
    ActionPrefix: z.string().optional(),
    MaxRecords: z.int().min(1).max(MOST_DESCRIBED).default(50),
    NextToken: z.string().optional(),
  }),
  (input, { cloudWatch, call }) => {
    const { AlarmNames: names, AlarmNamePrefix: prefix = '', ActionPrefix: action, StateValue } = input;
    call.authorize('cloudwatch:DescribeAlarms', cloudWatch.arnOf('*'));
    if (names && prefix)
      throw new AwsError('ValidationError', 'AlarmNames and AlarmNamePrefix cannot be given both.');
    const asked = cloudWatch
      .alarms()
      .filter(({ definition, state }) => {
        const targets = Object.values(definition.actions).flat();
        return (
          (names === undefined || names.includes(definition.name)) &&
          definition.name.startsWith(prefix) &&
          (StateValue === undefined || state.value === StateValue) &&
          (action === undefined || targets.some((target) => target.startsWith(action)))
        );
      })
      .filter(() => input.AlarmTypes.includes('MetricAlarm'));
    const { items, next } = page(asked, input.MaxRecords, input.NextToken);
    return { MetricAlarms: items.map(described), CompositeAlarms: [], ...next };
  },
);

const described = ({ arn, configuredAt, definition, state }: Alarm) => ({
  AlarmName: definition.name,
  AlarmArn: arn,
  ...(definition.description !== undefined && { AlarmDescription: definition.description }),
  AlarmConfigurationUpdatedTimestamp: toTimestamp(configuredAt),
  ActionsEnabled: definition.actionsEnabled,
  OKActions: definition.actions.OK,
  AlarmActions: definition.actions.ALARM,
  InsufficientDataActions: definition.actions.INSUFFICIENT_DATA,
  StateValue: state.value,
  StateReason: state.reason,
  ...(state.reasonData !== undefined && { StateReasonData: state.reasonData }),
  StateUpdatedTimestamp: toTimestamp(state.at),
  StateTransitionedTimestamp: toTimestamp(state.at),
  MetricName: definition.metricName,
  Namespace: definition.namespace,
  Statistic: definition.statistic,
  Dimensions: toDimensionList(definition.dimensions),
  Period: definition.periodSeconds,
  EvaluationPeriods: definition.evaluationPeriods,
  DatapointsToAlarm: definition.datapointsToAlarm,
  Threshold: definition.threshold,
  ComparisonOperator: definition.comparison,
  TreatMissingData: definition.treatMissingData,
});

const setAlarmState = operation(
  z.object({
    AlarmName: z.string(),
    StateValue: stateValue,
    StateReason: z.string().max(1023),
    StateReasonData: z.string().max(4000).optional(),
  }),
  async ({ AlarmName, StateValue, StateReason, StateReasonData }, { cloudWatch, call }) => {
    call.authorize('cloudwatch:SetAlarmState', cloudWatch.arnOf(AlarmName));
    const alarm = cloudWatch.find(AlarmName);
    if (!alarm) throw new AwsError('ResourceNotFound', `There is no alarm ${AlarmName}`, 404);
    await cloudWatch.setState(alarm, { value: StateValue, reason: StateReason, reasonData: StateReasonData });
    return undefined;
  },
);

export const alarmOperations = { DescribeAlarms: describeAlarms, SetAlarmState: setAlarmState };
