/** `npm run destroy`: leaves nothing behind in dev; in prod it keeps the data, and says which. */
import { command } from './command.ts';
import { currentAccount } from './deployment/account.ts';
import { withAssembly } from './deployment/assembly.ts';
import { destroyStage } from './deployment/destroy-stage.ts';
import { readOptions } from './deployment/options.ts';
import { cdk } from './deployment/toolkit.ts';

const USAGE = `npm run destroy -- [options]
  -c stage=STAGE   which copy of the app (dev)
  --yes            ask nothing`;

const main = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const account = await currentAccount();
  await withAssembly((assembly) => destroyStage(options, account, assembly, cdk));
  return 0;
};

await command('npm run destroy', main);
