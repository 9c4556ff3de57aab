import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

const Template = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), DeletionPolicy: z.string().optional() })),
});

/** What stays when the stacks go, `Stack/LogicalId (type)`: what their templates say to retain. */
export const kept = async (assembly: string): Promise<readonly string[]> => {
  const files = (await readdir(assembly)).filter((name) => name.endsWith('.template.json'));
  const lists = await Promise.all(
    files.map(async (file) => {
      const { Resources } = Template.parse(JSON.parse(await readFile(join(assembly, file), 'utf8')));
      return Object.entries(Resources)
        .filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain')
        .map(([id, { Type }]) => `${file.replace('.template.json', '')}/${id} (${Type})`);
    }),
  );
  return lists.flat().sort();
};
