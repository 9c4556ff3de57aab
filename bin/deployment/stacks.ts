import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

const Manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z
        .object({ stackName: z.string().optional(), templateFile: z.string().optional() })
        .optional(),
    }),
  ),
});

/** A stack as an assembly has it. */
export interface AssemblyStack {
  /** What it is called in the account. */
  readonly name: string;
  /** Where its template lies in the assembly. */
  readonly templateFile: string;
}

/** The stacks of an assembly. */
export const stacksOf = async (assembly: string): Promise<readonly AssemblyStack[]> => {
  const { artifacts } = Manifest.parse(JSON.parse(await readFile(join(assembly, 'manifest.json'), 'utf8')));
  return Object.entries(artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([id, { properties }]) => ({
      name: properties?.stackName ?? id,
      templateFile: properties?.templateFile ?? `${id}.template.json`,
    }));
};
