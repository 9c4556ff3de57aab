import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { resourcesOf } from './stack-resources.ts';
import type { AssemblyStack } from './stacks.ts';

const Template = z.object({
  Resources: z.record(z.string(), z.object({ DeletionPolicy: z.string().optional() })),
});

/**
 * What stays when the stacks go: what is in them now and their templates say to retain.
 *
 * @returns a line for each, by its type and the name under which the account shows it:
 *   `AWS::S3::Bucket storage-prod-uploads-1x2y3z (Storage-prod)`
 */
export const kept = async (
  assembly: string,
  stacks: readonly AssemblyStack[],
): Promise<readonly string[]> => {
  const client = new CloudFormationClient({});
  const lines: string[] = [];
  try {
    for (const stack of stacks) {
      const retained = await retainedIn(join(assembly, stack.templateFile));
      for (const { logicalId, type, name } of await resourcesOf(client, stack.name))
        if (retained.has(logicalId)) lines.push(`${type} ${name} (${stack.name})`);
    }
  } finally {
    client.destroy();
  }
  return lines.sort();
};

const retainedIn = async (templateFile: string): Promise<ReadonlySet<string>> => {
  const { Resources } = Template.parse(JSON.parse(await readFile(templateFile, 'utf8')));
  const retained = Object.entries(Resources).filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain');
  return new Set(retained.map(([id]) => id));
};
