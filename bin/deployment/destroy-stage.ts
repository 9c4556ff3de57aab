import { type Account, nameOf } from './account.ts';
import { emptyBucketsOf } from './buckets.ts';
import { confirm } from './confirm.ts';
import { kept } from './leftovers.ts';
import type { DeploymentOptions } from './options.ts';
import { plainly } from './plainly.ts';
import { stackNames } from './stack-names.ts';
import { contextArguments, type Toolkit } from './toolkit.ts';

const again = 'Some stacks may be left: run npm run destroy again';

/**
 * Deletes the stacks of a stage, once somebody has said yes. Buckets are emptied first, but never those of `prod`.
 *
 * @param assembly an empty directory for the templates
 * @throws {UserError} of one line: nobody says yes, an object cannot be deleted, or the toolkit fails
 */
export const destroyStage = async (
  { context, config, yes }: DeploymentOptions,
  account: Account,
  assembly: string,
  cdk: Toolkit,
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
