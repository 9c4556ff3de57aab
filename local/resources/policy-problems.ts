import { UNRESOLVED } from '../assembly/intrinsics.ts';
import { UserError } from '../errors.ts';
import { compilePolicy } from '../iam/policy-document.ts';
import { resourcePolicyFault } from '../iam/resource-policy.ts';
import { filledIn } from './filled-in.ts';

type Fault = (document: unknown) => string | undefined;

const identityFault =
  (name: string): Fault =>
  (document) => {
    try {
      compilePolicy(name, document);
      return undefined;
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
  };

/** It says nothing of anybody: it keeps the place of the others while one statement is looked at. */
const SILENT = { Effect: 'Deny', Principal: '*', NotAction: '*' };

/** Stands for what is not known yet: an ARN, mostly. */
const SOME_ARN = 'arn:aws:service:region:account:resource';

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** A statement whose shape is known, though names in it may not be. */
const isShaped = (statement: unknown): boolean =>
  typeof statement === 'object' &&
  statement !== null &&
  !Object.entries(statement).some(
    ([key, value]) =>
      (key === 'Condition' && Object.values(value).includes(UNRESOLVED)) ||
      (['Effect', 'Condition'].includes(key) && value === UNRESOLVED),
  );

/** What is wrong with each statement by itself: all of it is told at once. */
const problemsOf = (property: string, document: unknown, fault: Fault): string[] => {
  if (typeof document !== 'object' || document === null || !('Statement' in document)) return [];
  const statements = asList(document.Statement);
  return statements
    .flatMap((statement, at) => {
      if (!isShaped(statement)) return [];
      const alone = statements.map((_, place) => (place === at ? statement : SILENT));
      return fault(filledIn({ ...document, Statement: alone }, SOME_ARN)) ?? [];
    })
    .map((problem) => `property "${property}": ${problem}`);
};

/** Why a policy of a role would be refused, before anything exists. */
export const identityPolicyProblems = (property: string, name: unknown, document: unknown): string[] =>
  problemsOf(property, document, identityFault(typeof name === 'string' ? name : property));

/** Why the policy of a resource of that service would be refused, before anything exists. */
export const resourcePolicyProblems = (service: string, property: string, document: unknown): string[] =>
  problemsOf(property, document, (shaped) => resourcePolicyFault(service, shaped));
