import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { UserError } from '../../local/errors.ts';
import { isMissing } from './stack-resources.ts';

/**
 * CloudFormation refuses to delete a protected stack, but only when its turn comes: it is asked before anything goes.
 *
 * @throws {UserError} with the command that allows it, when any of the stacks is protected
 */
export const assertUnprotected = async (stackNames: readonly string[]): Promise<void> => {
  const client = new CloudFormationClient({});
  const refusing: string[] = [];
  try {
    for (const name of stackNames) if (await isProtected(client, name)) refusing.push(name);
  } finally {
    client.destroy();
  }
  if (refusing.length === 0) return;
  const allow = 'aws cloudformation update-termination-protection --no-enable-termination-protection';
  throw new UserError(
    `protected from deletion, so nothing was deleted. If all of them are to go: for stack in ${refusing.join(' ')}; do ${allow} --stack-name $stack; done`,
  );
};

const isProtected = async (client: CloudFormationClient, name: string): Promise<boolean> => {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks.some(({ EnableTerminationProtection }) => EnableTerminationProtection === true);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
};
