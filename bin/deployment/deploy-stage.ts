import { type Account, nameOf } from './account.ts';
import { confirm } from './confirm.ts';
import type { DeploymentOptions } from './options.ts';
import { contextArguments, OUTPUTS, type Toolkit } from './toolkit.ts';

/**
 * Synthesizes, shows what would change, and deploys just that, once somebody has said yes.
 *
 * @param assembly an empty directory for the templates
 * @throws {UserError} of one line: nobody says yes, or the toolkit fails or is interrupted
 */
export const deployStage = async (
  { context, config, yes, force }: DeploymentOptions,
  account: Account,
  assembly: string,
  cdk: Toolkit,
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
    again(config.stage),
  );
  console.log(`Deployed. The outputs are in ${OUTPUTS}.`);
};

const again = (stage: string): string =>
  `CloudFormation ends what it was at, or takes that stack back to where it was; the stacks before it stay. Look at npx cdk drift -c stage=${stage} if somebody changed resources by hand, then run npm run deploy again`;
