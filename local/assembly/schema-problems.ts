import type { z } from 'zod';
import type { ResourceType } from '../resources/resource-type.ts';
import { isUnresolved, UNRESOLVED } from './intrinsics.ts';

type Issue = z.core.$ZodIssue;

/**
 * What is wrong with a resource's properties, in words for the person at the keyboard. Values that are not known before
 * other resources exist are passed over here; the whole is parsed again when the resource is created.
 * @param name the type as the template names it: one implementation may serve many (`Custom::*`).
 */
export const schemaProblems = (type: ResourceType, name: string, properties: unknown): string[] => {
  const parsed = attemptParse(type, properties);
  if (!parsed || parsed.success) return [];
  return parsed.error.issues
    .filter((issue) => isKnown(issue, properties))
    .flatMap((issue) => describe(issue, name, properties));
};

/** A schema's own transformation may stumble over a value that is not known yet: then it has to wait, too. */
const attemptParse = (type: ResourceType, properties: unknown) => {
  try {
    return type.properties.safeParse(properties);
  } catch (error) {
    if (isUnresolved(properties)) return undefined;
    throw error;
  }
};

/** Whether an issue would stand whatever the values turn out to be that are not known yet. */
const isKnown = (issue: Issue, value: unknown): boolean => {
  // The key itself is known, whatever it leads to.
  if (issue.code === 'invalid_key') return true;
  const found = at(value, issue.path);
  if (found === UNRESOLVED) return false;
  if (issue.code === 'invalid_union' && isUnresolved(found))
    return issue.errors.every((option) => option.some((inner) => isKnown(inner, found)));
  if (issue.code === 'unrecognized_keys' || issue.code === 'invalid_type') return true;
  return !isUnresolved(found);
};

/** The value at a path, or UNRESOLVED when the way there leads through what is not known yet. */
const at = (value: unknown, path: readonly PropertyKey[]): unknown => {
  let current = value;
  for (const key of path) {
    if (current === UNRESOLVED) return UNRESOLVED;
    current = typeof current === 'object' && current !== null ? Reflect.get(current, key) : undefined;
  }
  return current;
};

const describe = (issue: Issue, type: string, properties: unknown): string[] => {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unsupported([...issue.path, key].join('.'), type));
  if (issue.code === 'invalid_union') {
    const value = at(properties, issue.path);
    return nearest(issue.errors.map((option) => option.filter((inner) => isKnown(inner, value)))).flatMap(
      (inner) => describe({ ...inner, path: [...issue.path, ...inner.path] }, type, properties),
    );
  }
  if (issue.code === 'invalid_key')
    return issue.issues.map(({ message }) => `property "${issue.path.join('.')}": ${message}`);
  if (at(properties, issue.path) === undefined) return [`property "${issue.path.join('.')}" is missing`];
  return [`property "${issue.path.join('.')}": ${issue.message}`];
};

/** Of the ways in which a union was missed, the one that misses least: a value of another kind altogether misses most. */
const nearest = (options: readonly (readonly Issue[])[]): readonly Issue[] =>
  options.reduce((best, option) => (missed(option) < missed(best) ? option : best));

const missed = (option: readonly Issue[]): number =>
  option.some(({ code, path }) => code === 'invalid_type' && path.length === 0)
    ? Number.POSITIVE_INFINITY
    : option.length;

const unsupported = (property: string, type: string): string =>
  `property "${property}" is not supported.\n  Supported properties: docs/local-cloud.md#${anchorOf(type)}`;

const anchorOf = (type: string): string => type.toLowerCase().replaceAll('::', '-');
