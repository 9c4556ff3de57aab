import type { ErrorObject } from 'ajv';

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
};

/** A number may be an integer. */
const allowedTypes = (type: unknown): string =>
  JSON.stringify([type].flat().flatMap((name) => (name === 'number' ? ['integer', 'number'] : [name])));

const sizeOf = (value: unknown): number =>
  typeof value === 'string' ? [...value].length : Array.isArray(value) ? value.length : 0;

type Words = (error: ErrorObject) => string;

/** The sentences of the validator behind API Gateway, json-schema-validator for Java, by the keyword that failed. */
const words: Readonly<Record<string, Words>> = {
  type: ({ data, params }) =>
    `instance type (${typeOf(data)}) does not match any allowed primitive type (allowed: ${allowedTypes(params.type)})`,
  enum: ({ data, params }) =>
    `instance value (${JSON.stringify(data)}) not found in enum (possible values: ${JSON.stringify(params.allowedValues)})`,
  minimum: ({ data, params }) =>
    `numeric instance is lower than the required minimum (minimum: ${params.limit}, found: ${data})`,
  maximum: ({ data, params }) =>
    `numeric instance is greater than the required maximum (maximum: ${params.limit}, found: ${data})`,
  minLength: ({ data, params }) =>
    `string ${JSON.stringify(data)} is too short (length: ${sizeOf(data)}, required minimum: ${params.limit})`,
  maxLength: ({ data, params }) =>
    `string ${JSON.stringify(data)} is too long (length: ${sizeOf(data)}, maximum allowed: ${params.limit})`,
  pattern: ({ data, params }) =>
    `ECMA 262 regex "${params.pattern}" does not match input string ${JSON.stringify(data)}`,
  minItems: ({ data, params }) =>
    `array is too short: must have at least ${params.limit} elements but instance has ${sizeOf(data)} elements`,
  maxItems: ({ data, params }) =>
    `array is too long: must have at most ${params.limit} elements but instance has ${sizeOf(data)} elements`,
};

/** Each of these names one property; those of one object are told in one sentence. */
const ofProperties: Readonly<Record<string, { readonly name: string; readonly sentence: string }>> = {
  required: { name: 'missingProperty', sentence: 'object has missing required properties' },
  additionalProperties: {
    name: 'additionalProperty',
    sentence: 'object instance has properties which are not allowed by the schema:',
  },
};

/** Missing properties in parentheses, forbidden ones after a colon. */
const listed = (sentence: string, names: readonly unknown[]): string => {
  const list = JSON.stringify(names.toSorted());
  return sentence.endsWith(':') ? `${sentence} ${list}` : `${sentence} (${list})`;
};

/** What is wrong with a body, for people. Needs ajv's `verbose`; of a keyword without a sentence the place is told, and ajv's words. */
export const validationWords = (errors: readonly ErrorObject[]): string[] => {
  const told = errors.filter(({ keyword }) => keyword !== '$ref');
  const byObject = Map.groupBy(told, ({ keyword, instancePath }) => `${keyword} ${instancePath}`);
  return [...byObject.values()].flatMap((group) => {
    const { keyword = '' } = group[0] ?? {};
    const properties = ofProperties[keyword];
    if (properties)
      return [
        listed(
          properties.sentence,
          group.map(({ params }) => params[properties.name]),
        ),
      ];
    return group.map((error) => words[keyword]?.(error) ?? `${error.instancePath}: ${error.message}`);
  });
};
