import { UserError } from '../errors.ts';
import { arnPattern, type Matcher, wildcard } from './pattern.ts';
import { isKnownKey } from './request-context.ts';

/** The condition keys of one request, in lower case: IAM does not tell their case apart. */
export type RequestContext = ReadonlyMap<string, string>;

export type Condition = (context: RequestContext) => boolean;

/** How an operator compares one value of the policy with the request's. */
const comparisons: Readonly<Record<string, (value: string) => Matcher>> = {
  StringEquals: (value) => (text) => text === value,
  StringEqualsIgnoreCase: (value) => (text) => text.toLowerCase() === value.toLowerCase(),
  StringLike: (value) => wildcard(value),
  ArnEquals: arnPattern,
  ArnLike: arnPattern,
  Bool: (value) => (text) => text === value.toLowerCase(),
  NumericEquals: (value) => (text) => Number(text) === Number(value),
  NumericLessThan: (value) => (text) => Number(text) < Number(value),
  NumericLessThanEquals: (value) => (text) => Number(text) <= Number(value),
  NumericGreaterThan: (value) => (text) => Number(text) > Number(value),
  NumericGreaterThanEquals: (value) => (text) => Number(text) >= Number(value),
};

const negations: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
};

/** `{ operator: { key: values } }`: all must hold; of the values of a key, one (none, for a negated operator). */
export const compileConditions = (
  block: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
): Condition => {
  const conditions = Object.entries(block).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => compile(operator, key, values)),
  );
  return (context) => conditions.every((holds) => holds(context));
};

/**
 * IAM User Guide, "IAM JSON policy elements: Condition operators". A key that the request does not have fails a
 * condition, unless its operator is negated or ends in `IfExists`.
 * Throws UserError for an operator or a key that is not known here: it must not be taken for fulfilled, nor for absent.
 */
const compile = (operator: string, written: string, values: readonly string[]): Condition => {
  const name = operator.replace(/IfExists$/, '');
  const negated = negations[name];
  const comparison = comparisons[negated ?? name];
  if (!comparison && operator !== 'Null')
    throw new UserError(`policy condition operator "${operator}" is not supported`);
  if (!isKnownKey(written)) throw new UserError(`policy condition key "${written}" is not supported`);
  const key = written.toLowerCase();
  if (!comparison) return (context) => values.includes(String(!context.has(key)));
  const matchers = values.map(comparison);
  const whenMissing = negated !== undefined || name !== operator;
  return (context) => {
    const actual = context.get(key);
    if (actual === undefined) return whenMissing;
    return matchers.some((matches) => matches(actual)) === (negated === undefined);
  };
};
