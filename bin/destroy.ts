/** `npm run destroy`: leaves nothing behind in dev; in prod it keeps the data, and says which. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from './command.ts';
import { type Account, currentAccount, nameOf } from './deployment/account.ts';
import { emptyBucketsOf } from './deployment/buckets.ts';
import { confirm } from './deployment/confirm.ts';
import { kept } from './deployment/leftovers.ts';
import { type DeploymentOptions, readOptions } from './deployment/options.ts';
import { plainly } from './deployment/plainly.ts';
import { stackNames } from './deployment/stack-names.ts';
import { cdk, contextArguments } from './deployment/toolkit.ts';

const USAGE = `npm run destroy -- [options]
  -c stage=STAGE   which copy of the app (dev)
  --yes            ask nothing`;

const again = 'Some stacks may be left: run npm run destroy again';

const main = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const account = await currentAccount();
  // Of its own: another command may synthesize another stage into cdk.out while the question waits for its answer.
  const assembly = await mkdtemp(join(tmpdir(), 'serverless-ipc-destroy-'));
  try {
    await destroy(options, account, assembly);
  } finally {
    await rm(assembly, { recursive: true, force: true });
  }
  return 0;
};

const destroy = async (
  { context, config, yes }: DeploymentOptions,
  account: Account,
  assembly: string,
): Promise<void> => {
  // With Kafka: its stack goes too, if there is one.
  const synth = ['synth', '--quiet', '--output', assembly];
  await cdk([...synth, ...contextArguments({ ...context, kafka: 'true' })], 'Nothing was deleted');
  const stays = await kept(assembly);
  const data =
    config.stage === 'prod'
      ? 'keeping its data, but not what waits in queues or lies in Kafka'
      : 'with all of its data';
  await confirm(`Delete stage ${config.stage} from ${nameOf(account)}, ${data}?`, yes);

  if (config.stage !== 'prod') {
    await emptyBucketsOf(await stackNames(assembly)).catch((error: unknown) => {
      throw plainly(error, nameOf(account));
    });
  }
  await cdk(['destroy', '--all', '--force', '--app', assembly], again);
  if (stays.length > 0) console.log(`Kept, to be deleted by hand:\n  ${stays.join('\n  ')}`);
};

await command('npm run destroy', main);
