import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Template = z.looseObject({ Resources: z.record(z.string(), z.looseObject({ Type: z.string() })) });

/** Takes the resources of these types out of every template of an assembly. @returns how many there were of each */
export const leaveOut = async (
  outdir: string,
  types: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map(types.map((type) => [type, 0]));
  for (const name of (await readdir(outdir)).filter((file) => file.endsWith('.template.json'))) {
    const file = join(outdir, name);
    const template = Template.parse(JSON.parse(await readFile(file, 'utf8')));
    for (const { Type } of Object.values(template.Resources)) {
      const count = counts.get(Type);
      if (count !== undefined) counts.set(Type, count + 1);
    }
    const Resources = Object.fromEntries(
      Object.entries(template.Resources).filter(([, { Type }]) => !counts.has(Type)),
    );
    await writeFile(file, JSON.stringify({ ...template, Resources }, null, 1));
  }
  return counts;
};

/** Whether an emulator takes a stack that has a resource of this type. It does not look at signatures. */
export const knowsType = async (endpoint: string, type: string): Promise<boolean> => {
  const TemplateBody = JSON.stringify({ Resources: { One: { Type: type, Properties: {} } } });
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/cloudformation/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: new URLSearchParams({
      Action: 'CreateStack',
      Version: '2010-05-15',
      StackName: `knows-${type.replaceAll(':', '')}`,
      TemplateBody,
    }),
  });
  return !(await response.text()).includes('Unrecognized resource types');
};
