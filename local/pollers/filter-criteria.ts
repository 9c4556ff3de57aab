import { type Condition, condition } from './filter-conditions.ts';

/** What is left of an event pattern once it is known to be valid: does this record match? */
export type Filter = (record: unknown) => boolean;

export class InvalidPattern extends Error {}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fieldOf = (value: unknown, key: string): unknown => (isFields(value) ? value[key] : undefined);

/** A field matches when any of its conditions holds; an array in the record matches when any of its elements does. */
const leaf =
  (conditions: readonly Condition[]): Filter =>
  (value) => {
    if (Array.isArray(value) && value.length > 0)
      return value.some((element) => conditions.some((holds) => holds(element)));
    return conditions.some((holds) => holds(value));
  };

const field = (key: string, pattern: unknown): Filter => {
  if (Array.isArray(pattern) && pattern.length === 0) throw new InvalidPattern('a field needs a condition');
  const matches = Array.isArray(pattern) ? leaf(pattern.map(condition)) : fields(pattern);
  return (record) => {
    const value = fieldOf(record, key);
    // "Exists matching works on leaf nodes only", and an object is no leaf.
    if (Array.isArray(pattern) && isFields(value)) return false;
    if (!Array.isArray(pattern) && Array.isArray(value)) return value.some(matches);
    return matches(value);
  };
};

const anyOf = (alternatives: unknown): Filter => {
  if (!Array.isArray(alternatives) || alternatives.length < 2)
    throw new InvalidPattern('$or needs two patterns');
  const filters = alternatives.map(fields);
  return (record) => filters.some((matches) => matches(record));
};

/** All fields of a pattern must match. */
const fields = (pattern: unknown): Filter => {
  if (!isFields(pattern) || Object.keys(pattern).length === 0)
    throw new InvalidPattern('a pattern is an object');
  const filters = Object.entries(pattern).map(([key, value]) =>
    key === '$or' ? anyOf(value) : field(key, value),
  );
  return (record) => filters.every((matches) => matches(record));
};

/**
 * Compiles one filter pattern (Lambda guide, "Control which events Lambda sends to your function"; syntax of
 * EventBridge's event patterns). Throws InvalidPattern.
 */
export const compilePattern = (pattern: string): Filter => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(pattern);
  } catch {
    throw new InvalidPattern('a pattern is JSON');
  }
  return fields(parsed);
};

/** Whether a record passes. It is asked for only where a pattern looks at it: most mappings have none. */
export type RecordFilter = (asPatternsSeeIt: () => unknown) => boolean;

/** A record passes when it matches any of the patterns, or when there are none. */
export const compileFilters = (patterns: readonly string[]): RecordFilter => {
  const filters = patterns.map(compilePattern);
  if (filters.length === 0) return () => true;
  return (asPatternsSeeIt) => {
    const record = asPatternsSeeIt();
    return filters.some((matches) => matches(record));
  };
};

/**
 * Gives the payload of a record the form that the pattern speaks of: JSON where the payload is an object, else its text.
 * A pattern for JSON then drops text, and the other way round, as the guide's table for Amazon SQS and Kinesis says.
 */
export const filterablePayload = (text: string): unknown => {
  try {
    const parsed: unknown = JSON.parse(text);
    return isFields(parsed) ? parsed : text;
  } catch {
    return text;
  }
};
