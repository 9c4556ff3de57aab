import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { stacksOf } from '../deployment/stacks.ts';

const Resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
const Template = z.object({ Resources: z.record(z.string(), Resource) });

export type Resource = z.infer<typeof Resource>;

/** Every resource of a type in the templates of an assembly. */
export const resourcesOf = async (assembly: string, type: string): Promise<readonly Resource[]> => {
  const stacks = await stacksOf(assembly);
  const texts = await Promise.all(
    stacks.map(({ templateFile }) => readFile(join(assembly, templateFile), 'utf8')),
  );
  return texts
    .flatMap((text) => Object.values(Template.parse(JSON.parse(text)).Resources))
    .filter(({ Type }) => Type === type);
};
