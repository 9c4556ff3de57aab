import { z } from 'zod';

/** What `cdk deploy --outputs-file` writes: stack name to output name to value. */
export const OutputsFile = z.record(z.string(), z.record(z.string(), z.string()));
export type OutputsFile = z.infer<typeof OutputsFile>;

/** Finds an output by its name, whichever stack exports it. */
export const findOutput = (outputs: OutputsFile, name: string): string => {
  for (const stack of Object.values(outputs)) {
    const value = stack[name];
    if (value !== undefined) return value;
  }
  throw new Error(
    `No stack exports "${name}": is the app deployed, and is the outputs file of this deployment?`,
  );
};
