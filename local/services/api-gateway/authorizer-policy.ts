import { z } from 'zod';

const list = z.union([z.string().transform((text) => [text]), z.array(z.string())]);

/** The policy that an authorizer returns. */
export const policyDocument = z.object({
  Statement: z.array(
    z.object({
      Effect: z.enum(['Allow', 'Deny']),
      Action: list,
      Resource: list,
      Condition: z.undefined().optional(),
    }),
  ),
});

export type PolicyDocument = z.output<typeof policyDocument>;

const matches = (pattern: string, value: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  ).test(value);

/** Whether a policy lets `execute-api:Invoke` on this method happen; a denial counts before any permission. */
export const allows = (
  { Statement }: PolicyDocument,
  methodArn: string,
): 'allowed' | 'denied' | 'not allowed' => {
  const effects = Statement.filter(
    ({ Action, Resource }) =>
      Action.some((action) => matches(action.toLowerCase(), 'execute-api:invoke')) &&
      Resource.some((resource) => matches(resource, methodArn)),
  ).map(({ Effect }) => Effect);
  if (effects.includes('Deny')) return 'denied';
  return effects.includes('Allow') ? 'allowed' : 'not allowed';
};
