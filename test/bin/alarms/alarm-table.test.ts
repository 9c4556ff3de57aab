import { alarmKinds, alarmTable } from '../../../bin/alarms/alarm-table.ts';
import { describeDashboard, widgetsOf } from '../../../bin/alarms/dashboard.ts';
import { resourcesOf } from '../../../bin/alarms/templates.ts';
import { ASSEMBLY } from '../../support/local-app.ts';

test('every alarm of the app stands in the table, in its kind, with what to do', async () => {
  const alarms = await resourcesOf(ASSEMBLY, 'AWS::CloudWatch::Alarm');

  const kinds = alarmKinds(alarms);

  expect(kinds.flatMap(({ watches }) => watches)).toHaveLength(alarms.length);
  expect(kinds.map(({ metric, when, runbook }) => `${metric}: ${when}: ${runbook}`)).toMatchSnapshot();
});

test('alarms that nobody is told of say so', async () => {
  const [alarm] = await resourcesOf(ASSEMBLY, 'AWS::CloudWatch::Alarm');
  if (!alarm) throw new Error('there is no alarm');
  const untold = { ...alarm, Properties: { ...alarm.Properties, AlarmActions: [] } };

  expect(alarmTable(alarmKinds([untold]))).toContain('tells nobody');
  expect(alarmTable(alarmKinds([alarm]))).not.toContain('tells nobody');
});

test('the dashboard follows a message through the patterns, and ends with what it costs', async () => {
  const [dashboard] = await resourcesOf(ASSEMBLY, 'AWS::CloudWatch::Dashboard');
  if (!dashboard) throw new Error('there is no dashboard');

  const said = describeDashboard(widgetsOf(dashboard));

  expect(said.split('\n').filter((line) => /^\S/.test(line))).toEqual([
    'The front door: request/response',
    'Image jobs: queues and a topic',
    'Pushes and webhooks: one-way notification',
    'Edits: an ordered queue',
    'Newsletters: a topic',
    'Feedback: direct integration',
    'Activity: a stream',
    'Cost drivers',
  ]);
  expect(said).toContain('\n  Refused (4xx) and failed (5xx): 4xx, 5xx\n');
  expect(said).toContain('\n  Iterator age (ms): Activity\n');
  // The metrics that are added up stay hidden.
  expect(said).toContain('\n  Function GB-seconds an hour: GB seconds\n');
});
