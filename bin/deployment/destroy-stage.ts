import { type Account, nameOf } from './account.ts';
import { emptyBucketsOf } from './buckets.ts';
import { confirm } from './confirm.ts';
import { kept } from './leftovers.ts';
import type { DeploymentOptions } from './options.ts';
import { plainly } from './plainly.ts';
import { stacksOf } from './stacks.ts';
import { assertUnprotected } from './termination-protection.ts';
import { contextArguments, type Toolkit } from './toolkit.ts';

const again = 'Some stacks may be left: run npm run destroy again';

/** Every stack and every dependency that there can be: however it was deployed, all of it goes, users before what they use. */
const everything = { kafka: 'true', stream: 'both' };

/**
 * Deletes the stacks of a stage, once somebody has said yes. Buckets are emptied first, but never those of `prod`.
 *
 * @param assembly an empty directory for the templates
 * @throws {UserError} of one line: a stack is protected, nobody says yes, an object cannot be deleted, or the toolkit fails
 */
export const destroyStage = async (
  { context, config, yes }: DeploymentOptions,
  account: Account,
  assembly: string,
  cdk: Toolkit,
): Promise<void> => {
  const asked = async <T>(question: Promise<T>): Promise<T> =>
    question.catch((error: unknown) => {
      throw plainly(error, nameOf(account));
    });
  const synth = ['synth', '--quiet', '--output', assembly];
  await cdk([...synth, ...contextArguments({ ...context, ...everything })], 'Nothing was deleted');
  const stacks = await stacksOf(assembly);
  const names = stacks.map(({ name }) => name);
  await asked(assertUnprotected(names));
  // Once a stack is gone nobody can tell any more what was in it.
  const stays = await asked(kept(assembly, stacks));
  const data =
    config.stage === 'prod'
      ? 'keeping its data, but not what waits in queues or lies in Kafka'
      : 'with all of its data';
  await confirm(`Delete stage ${config.stage} from ${nameOf(account)}, ${data}?`, yes);

  if (config.stage !== 'prod') await asked(emptyBucketsOf(names));
  try {
    await cdk(['destroy', '--all', '--force', '--app', assembly], again);
  } finally {
    if (stays.length > 0) console.log(`Kept, to be deleted by hand:\n  ${stays.join('\n  ')}`);
  }
};
