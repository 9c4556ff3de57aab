import type { Caller } from '../ports.ts';
import type { RequestContext } from './conditions.ts';
import type { Statement } from './policy-document.ts';

export interface Request {
  readonly caller: Caller;
  readonly action: string;
  readonly resourceArn: string;
  readonly context: RequestContext;
}

/** The statements that may concern a request. */
export interface Policies {
  readonly identity: readonly Statement[];
  readonly resource: readonly Statement[];
}

/** `because` ends the sentence "... is not authorized to perform ...", in AWS's words. */
export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly because: string };

/** IAM User Guide, "Policy evaluation logic", within one account. Marks the grants that an allowed request has used. */
export const decide = (request: Request, { identity, resource }: Policies, account: string): Decision => {
  const { caller, action, resourceArn, context } = request;
  const applying = (statements: readonly Statement[]) =>
    statements.filter((statement) => statement.applies(action, resourceArn, context));
  const own = applying(identity);
  const others = applying(resource).filter(({ principal }) => principal?.(caller, account) !== undefined);

  if (own.some(denies))
    return { allowed: false, because: 'with an explicit deny in an identity-based policy' };
  if (others.some(denies))
    return { allowed: false, because: 'with an explicit deny in a resource-based policy' };

  const grantedByOthers = others.filter(({ principal }) => principal?.(caller, account) === 'named');
  const granting = [...own, ...grantedByOthers];
  if (granting.length === 0) {
    const basis = caller.kind === 'role' ? 'identity-based' : 'resource-based';
    return { allowed: false, because: `because no ${basis} policy allows the ${action} action` };
  }
  for (const grant of granting.flatMap(({ grants }) => grants)) grant.used ||= grant.matches(action);
  return { allowed: true };
};

const denies = ({ effect }: Statement): boolean => effect === 'Deny';
