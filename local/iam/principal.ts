import { z } from 'zod';
import type { Caller } from '../ports.ts';

const names = z.union([z.string().transform((name) => [name]), z.array(z.string())]);

/** `Federated` and `CanonicalUser` name nobody who could call on this machine. */
export const principal = z.union([
  z.literal('*'),
  z.strictObject({
    AWS: names.optional(),
    Service: names.optional(),
    Federated: z.unknown().optional(),
    CanonicalUser: z.unknown().optional(),
  }),
]);

/**
 * How a statement speaks of a caller: by itself (`named`), or only by the account that it belongs to (`account`):
 * then an allowing statement still leaves the decision to the identity's own policies
 * (IAM User Guide, "AWS JSON policy elements: Principal").
 */
export type PrincipalMatcher = (caller: Caller, account: string) => 'named' | 'account' | undefined;

export const compilePrincipal = (written: z.output<typeof principal>): PrincipalMatcher => {
  if (written === '*') return () => 'named';
  const identities = new Set(written.AWS);
  const services = new Set(written.Service);
  return (caller, account) => {
    if (identities.has('*')) return 'named';
    if (caller.kind === 'service') return services.has(caller.service) ? 'named' : undefined;
    if (caller.kind !== 'role') return undefined;
    if (identities.has(caller.roleArn)) return 'named';
    return identities.has(account) || identities.has(`arn:aws:iam::${account}:root`) ? 'account' : undefined;
  };
};
