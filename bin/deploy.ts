/** `npm run deploy`: looks before it leaps, then deploys the templates that were looked at. */
import { join } from 'node:path';
import { command } from './command.ts';
import { checkBootstrapped, currentAccount, nameOf } from './deployment/account.ts';
import { confirm } from './deployment/confirm.ts';
import { readOptions } from './deployment/options.ts';
import { ASSEMBLY, cdk, contextArguments } from './deployment/toolkit.ts';

const USAGE = `npm run deploy -- [options]
  -c KEY=VALUE   context: stage, alarmEmail, monthlyBudgetUsd, waf, domainName ... (README, "Deploying")
  --yes          ask nothing
  --force        update stacks whose template is as it was, too`;

const again =
  'CloudFormation brings the stack that it was at back to where it was; the stacks before it stay. Look at npx cdk drift if somebody changed resources by hand, then run npm run deploy again';

const main = async (): Promise<number> => {
  const { context, config, yes, force, help } = readOptions(process.argv.slice(2));
  if (help) {
    console.log(USAGE);
    return 0;
  }
  const account = await currentAccount();
  await checkBootstrapped(account);

  await cdk(['synth', '--quiet', ...contextArguments(context)], 'Nothing was deployed');
  await cdk(['diff', '--app', ASSEMBLY], 'Nothing was deployed');
  await confirm(`Deploy stage ${config.stage} to ${nameOf(account)}?`, yes);
  await cdk(
    [
      ...['deploy', '--all', '--app', ASSEMBLY, '--require-approval', 'never'],
      ...['--outputs-file', join(ASSEMBLY, 'outputs.json')],
      ...(force ? ['--force'] : []),
    ],
    again,
  );
  console.log(`Deployed. The outputs are in ${join(ASSEMBLY, 'outputs.json')}.`);
  return 0;
};

await command('npm run deploy', main);
