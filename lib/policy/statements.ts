import type { CfnResource } from 'aws-cdk-lib';
import * as z from 'zod';
import { resolved } from './references.ts';

const oneOrMore = z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])]);

const Statement = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore.optional(),
  Resource: oneOrMore.optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
const Document = z.object({ Statement: z.union([z.array(Statement), Statement.transform((one) => [one])]) });

export type Statement = z.infer<typeof Statement>;

/** The statements of a policy document; none when there is no document. */
export const statementsOf = (node: CfnResource, document: unknown): readonly Statement[] => {
  const plain = resolved(node, document);
  return plain === undefined ? [] : Document.parse(plain).Statement;
};
