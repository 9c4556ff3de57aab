/** `npm run alarms`: the alarms and the dashboard of the app as text, read from its templates. */
import { alarmKinds, alarmTable } from './alarms/alarm-table.ts';
import { describeDashboard, widgetsOf } from './alarms/dashboard.ts';
import { resourcesOf } from './alarms/templates.ts';
import { synthesize } from './boot.ts';
import { command } from './command.ts';
import { readOptions } from './deployment/options.ts';
import { withScratchDirectory } from './scratch.ts';

const USAGE = `npm run alarms [-- options]
  -c KEY=VALUE   context, as for npm run deploy: stage, alarmEmail, kafka ...`;

const main = async (): Promise<number> => {
  const { help, context } = readOptions(process.argv.slice(2));
  if (help) {
    console.log(USAGE);
    return 0;
  }
  return withScratchDirectory(async (assembly) => {
    await synthesize(assembly, context);
    const alarms = await resourcesOf(assembly, 'AWS::CloudWatch::Alarm');
    const dashboards = await resourcesOf(assembly, 'AWS::CloudWatch::Dashboard');
    for (const one of dashboards)
      console.log(`Dashboard ${one.Properties.DashboardName}\n\n${describeDashboard(widgetsOf(one))}\n`);
    console.log(`Alarms\n\n${alarmTable(alarmKinds(alarms))}`);
    return 0;
  });
};

await command('npm run alarms', main);
