/** `npm run destroy`: leaves nothing behind in dev; in prod it keeps the data, and says which. */
import { command } from './command.ts';
import { currentAccount, nameOf } from './deployment/account.ts';
import { emptyBucketsOf } from './deployment/buckets.ts';
import { confirm } from './deployment/confirm.ts';
import { kept } from './deployment/leftovers.ts';
import { readOptions } from './deployment/options.ts';
import { plainly } from './deployment/plainly.ts';
import { stackNames } from './deployment/stack-names.ts';
import { ASSEMBLY, cdk, contextArguments } from './deployment/toolkit.ts';

const USAGE = `npm run destroy -- [options]
  -c stage=STAGE   which copy of the app (dev)
  --yes            ask nothing`;

const again = 'Some stacks may be left: run npm run destroy again';

const main = async (): Promise<number> => {
  const { context, config, yes, help } = readOptions(process.argv.slice(2));
  if (help) {
    console.log(USAGE);
    return 0;
  }
  const account = await currentAccount();
  // With Kafka: its stack goes too, if there is one.
  await cdk(['synth', '--quiet', ...contextArguments({ ...context, kafka: 'true' })], 'Nothing was deleted');
  const stays = await kept();
  const data =
    config.stage === 'prod'
      ? 'keeping its data, but not what waits in queues or lies in Kafka'
      : 'with all of its data';
  await confirm(`Delete stage ${config.stage} from ${nameOf(account)}, ${data}?`, yes);

  if (config.stage !== 'prod') {
    await emptyBucketsOf(await stackNames()).catch((error: unknown) => {
      throw plainly(error, nameOf(account));
    });
  }
  await cdk(['destroy', '--all', '--force', '--app', ASSEMBLY], again);
  if (stays.length > 0) console.log(`Kept, to be deleted by hand:\n  ${stays.join('\n  ')}`);
  return 0;
};

await command('npm run destroy', main);
