import { UserError } from '../errors.ts';
import { compilePolicy } from './policy-document.ts';

/**
 * Why a document cannot be the policy of a resource of that service; nothing when it can. Such a policy says to whom
 * it speaks, and of that service's actions only (IAM User Guide, "Identity-based policies and resource-based policies").
 * @param service as its actions begin: `sqs`
 */
export const resourcePolicyFault = (service: string, document: unknown): string | undefined => {
  try {
    const statements = compilePolicy('Policy', document);
    if (statements.some(({ principal }) => principal === undefined))
      return 'Missing required field Principal';
    const actions = statements.flatMap(({ grants }) => grants.map(({ action }) => action.toLowerCase()));
    const isOwn = (action: string) => action === '*' || action.startsWith(`${service}:`);
    return actions.every(isOwn) ? undefined : 'Policy statement action out of service scope!';
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
};
