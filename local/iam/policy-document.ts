import { z } from 'zod';
import { UserError } from '../errors.ts';
import { compileConditions, type RequestContext } from './conditions.ts';
import { type Matcher, wildcard } from './pattern.ts';
import { compilePrincipal, type PrincipalMatcher, principal } from './principal.ts';

const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const conditionValues = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: texts.optional(),
  NotAction: texts.optional(),
  Resource: texts.optional(),
  NotResource: texts.optional(),
  Principal: principal.optional(),
  Condition: z
    .record(
      z.string(),
      z.record(
        z.string(),
        z.union([conditionValues.transform((value) => [value]), z.array(conditionValues)]),
      ),
    )
    .default({}),
});

const policyDocument = z.strictObject({
  Version: z.string().optional(),
  Id: z.string().optional(),
  Statement: z.preprocess((given) => (Array.isArray(given) ? given : [given]), z.array(statement)),
});

/** One action pattern of a statement that allows something, and whether anything was ever allowed by it. */
export interface Grant {
  readonly action: string;
  readonly resources: readonly string[];
  readonly matches: Matcher;
  used: boolean;
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly grants: readonly Grant[];
  /** Undefined in an identity's policy: it speaks of the identity that it is attached to. */
  readonly principal: PrincipalMatcher | undefined;
  applies(action: string, resourceArn: string, context: RequestContext): boolean;
}

/**
 * Compiles a policy document (IAM User Guide, "IAM JSON policy element reference").
 * Throws UserError that names what of it is not understood: a policy is never enforced in part.
 */
export const compilePolicy = (name: string, document: unknown): Statement[] => {
  const parsed = policyDocument.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(`policy "${name}" is not understood: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  return parsed.data.Statement.map(compileStatement);
};

const compileStatement = (written: z.output<typeof statement>): Statement => {
  const condition = compileConditions(written.Condition);
  const resources = written.Resource ?? ['*'];
  const grants = (written.Action ?? ['*']).map((action) => ({
    action,
    resources,
    matches: wildcard(action, { ignoreCase: true }),
    used: false,
  }));
  const action = written.NotAction ? noneOf(written.NotAction, { ignoreCase: true }) : anyOf(grants);
  const resource = written.NotResource ? noneOf(written.NotResource) : anyOf(resources.map(asResource));
  return {
    effect: written.Effect,
    grants: written.NotAction ? [] : grants,
    principal: written.Principal === undefined ? undefined : compilePrincipal(written.Principal),
    applies: (asked, arn, context) => action(asked) && resource(arn) && condition(context),
  };
};

const asResource = (pattern: string): { matches: Matcher } => {
  if (pattern.includes('${')) throw new UserError(`policy variables are not supported: ${pattern}`);
  return { matches: wildcard(pattern) };
};

const anyOf =
  (patterns: readonly { readonly matches: Matcher }[]): Matcher =>
  (text) =>
    patterns.some(({ matches }) => matches(text));

const noneOf = (patterns: readonly string[], options?: { ignoreCase: boolean }): Matcher => {
  const matchers = patterns.map((pattern) => wildcard(pattern, options));
  return (text) => !matchers.some((matches) => matches(text));
};
