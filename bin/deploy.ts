/** `npm run deploy`: looks before it leaps, then deploys the templates that were looked at. */
import { command } from './command.ts';
import { type Account, checkBootstrapped, currentAccount, nameOf } from './deployment/account.ts';
import { withAssembly } from './deployment/assembly.ts';
import { confirm } from './deployment/confirm.ts';
import { type DeploymentOptions, readOptions } from './deployment/options.ts';
import { cdk, contextArguments, OUTPUTS } from './deployment/toolkit.ts';

const USAGE = `npm run deploy -- [options]
  -c KEY=VALUE   context: stage, alarmEmail, monthlyBudgetUsd, waf, domainName ... (README, "Deploying")
  --yes          ask nothing
  --force        update stacks whose template is as it was, too`;

const again =
  'CloudFormation brings the stack that it was at back to where it was; the stacks before it stay. Look at npx cdk drift if somebody changed resources by hand, then run npm run deploy again';

const main = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const account = await currentAccount();
  await checkBootstrapped(account);
  await withAssembly((assembly) => deploy(options, account, assembly));
  return 0;
};

const deploy = async (
  { context, config, yes, force }: DeploymentOptions,
  account: Account,
  assembly: string,
): Promise<void> => {
  const synth = ['synth', '--quiet', '--output', assembly];
  await cdk([...synth, ...contextArguments(context)], 'Nothing was deployed');
  await cdk(['diff', '--app', assembly], 'Nothing was deployed');
  await confirm(`Deploy stage ${config.stage} to ${nameOf(account)}?`, yes);
  await cdk(
    [
      ...['deploy', '--all', '--app', assembly, '--require-approval', 'never'],
      ...['--outputs-file', OUTPUTS],
      ...(force ? ['--force'] : []),
    ],
    again,
  );
  console.log(`Deployed. The outputs are in ${OUTPUTS}.`);
};

await command('npm run deploy', main);
