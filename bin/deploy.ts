/** `npm run deploy`: looks before it leaps, then deploys the templates that were looked at. */
import { command } from './command.ts';
import { checkBootstrapped, currentAccount } from './deployment/account.ts';
import { withAssembly } from './deployment/assembly.ts';
import { deployStage } from './deployment/deploy-stage.ts';
import { readOptions } from './deployment/options.ts';
import { cdk } from './deployment/toolkit.ts';

const USAGE = `npm run deploy -- [options]
  -c KEY=VALUE   context: stage, alarmEmail, monthlyBudgetUsd, waf, domainName ... (README, "Deploying")
  --yes          ask nothing
  --force        update stacks whose template is as it was, too`;

const main = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const account = await currentAccount();
  await checkBootstrapped(account);
  await withAssembly((assembly) => deployStage(options, account, assembly, cdk));
  return 0;
};

await command('npm run deploy', main);
