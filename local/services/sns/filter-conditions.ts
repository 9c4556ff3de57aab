import { BlockList, isIP } from 'node:net';

/** A leaf of a message: an attribute's value, an element of its array, or a property of the body. */
export type Scalar = string | number | boolean | null;

/** What one element of a policy's array demands. `undefined` stands for a key that the message does not have. */
export interface Condition {
  /** `anything-but`: over a `String.Array` it must hold for every element, not for one. */
  readonly negated: boolean;
  accepts(value: Scalar | undefined): boolean;
}

/** Why a policy is refused, in AWS's words (without the position in the JSON text that AWS appends). */
export class InvalidFilterPolicy extends Error {
  override readonly name = 'InvalidFilterPolicy';
}

const condition = (accepts: Condition['accepts'], negated = false): Condition => ({ negated, accepts });

const onStrings = (accepts: (value: string) => boolean): Condition =>
  condition((value) => typeof value === 'string' && accepts(value));

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const pattern = (operator: string, value: unknown): string => {
  if (typeof value !== 'string') throw new InvalidFilterPolicy(`${operator} match pattern must be a string`);
  return value;
};

/** `*` stands for any characters, `\*` for itself. */
const wildcard = (value: unknown): ((text: string) => boolean) => {
  const text = pattern('wildcard', value);
  const doubled = text.replaceAll('\\*', '  ').indexOf('**');
  if (doubled >= 0) throw new InvalidFilterPolicy(`Consecutive wildcard characters at pos ${doubled}`);
  const parts = text
    .split(/(\\\*|\\\\|\*)/)
    .map((part) =>
      part === '*' ? '.*' : part.replace(/^\\([*\\])$/, '$1').replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    );
  const regexp = new RegExp(`^${parts.join('')}$`, 's');
  return (candidate) => regexp.test(candidate);
};

const numberAt = (terms: readonly unknown[], index: number, operator: string): number => {
  const value = terms[index];
  if (typeof value !== 'number')
    throw new InvalidFilterPolicy(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`);
  return value;
};

const compare: ReadonlyMap<string, (value: number, limit: number) => boolean> = new Map([
  ['=', (value, limit) => value === limit],
  ['<', (value, limit) => value < limit],
  ['<=', (value, limit) => value <= limit],
  ['>', (value, limit) => value > limit],
  ['>=', (value, limit) => value >= limit],
]);

/** `["=", 1]`, `["<", 9]`, or a range `[">", 0, "<=", 9]`, lower limit first. */
const numeric = (terms: unknown): Condition => {
  if (!Array.isArray(terms)) throw new InvalidFilterPolicy('Value of numeric must be an array.');
  const [first, , second] = terms;
  if (typeof first !== 'string')
    throw new InvalidFilterPolicy(`Invalid member in numeric match: ${terms.length === 0 ? ']' : first}`);
  const holds = compare.get(first);
  if (!holds) throw new InvalidFilterPolicy(`Unrecognized numeric range operator: ${first}`);
  const limit = numberAt(terms, 1, first);
  if (terms.length === 2) return condition((value) => typeof value === 'number' && holds(value, limit));

  if (!first.startsWith('>')) throw new InvalidFilterPolicy('Too many elements in numeric expression');
  if (typeof second !== 'string') throw new InvalidFilterPolicy(`Bad value in numeric range: ${second}`);
  const below = second.startsWith('<') ? compare.get(second) : undefined;
  if (!below) throw new InvalidFilterPolicy(`Bad numeric range operator: ${second}`);
  const top = numberAt(terms, 3, second);
  if (top <= limit) throw new InvalidFilterPolicy('Bottom must be less than top');
  if (terms.length > 4) throw new InvalidFilterPolicy('Too many terms in numeric range expression');
  return condition((value) => typeof value === 'number' && holds(value, limit) && below(value, top));
};

const cidr = (value: unknown): Condition => {
  // AWS names the wrong operator here (recorded 03-12-2024).
  const [address = '', bits, ...more] = pattern('prefix', value).split('/');
  if (bits === undefined || more.length > 0)
    throw new InvalidFilterPolicy("Malformed CIDR, one '/' required");
  if (!/^[+-]?\d+$/.test(bits)) throw new InvalidFilterPolicy('Malformed CIDR, mask bits must be an integer');
  if (bits.startsWith('-')) throw new InvalidFilterPolicy('Malformed CIDR, mask bits must not be negative');
  const version = isIP(address);
  if (version === 0) throw new InvalidFilterPolicy(`Nonstandard IP address: ${address}`);
  const size = version === 4 ? 32 : 128;
  if (Number(bits) >= size) throw new InvalidFilterPolicy(`IPv${version} mask bits must be < ${size}`);
  const block = new BlockList();
  block.addSubnet(address, Number(bits), version === 4 ? 'ipv4' : 'ipv6');
  return onStrings((text) => isIP(text) === version && block.check(text, version === 4 ? 'ipv4' : 'ipv6'));
};

const except = (accepts: (value: Scalar) => boolean): Condition =>
  condition((value) => value !== undefined && !accepts(value), true);

/** Amazon SNS knows `prefix` and `wildcard` inside `anything-but`, no more: `suffix` is refused (recorded 15-05-2024). */
const anythingBut = (excluded: unknown): Condition => {
  if (isRecord(excluded)) {
    const [[operator, value] = ['', undefined]] = Object.entries(excluded);
    if (operator !== 'prefix' && operator !== 'wildcard')
      throw new InvalidFilterPolicy(`Unsupported anything-but pattern: ${operator}`);
    const matches =
      operator === 'wildcard'
        ? wildcard(value)
        : (
            (prefix) => (text: string) =>
              text.startsWith(prefix)
          )(pattern('prefix', value));
    return except((text) => typeof text === 'string' && matches(text));
  }
  const values: readonly unknown[] = Array.isArray(excluded) ? excluded : [excluded];
  if (values.length === 0) throw new InvalidFilterPolicy('Empty arrays are not allowed');
  if (values.some((value) => typeof value !== 'string' && typeof value !== 'number'))
    throw new InvalidFilterPolicy('Inside anything but list, start|null|boolean is not supported.');
  return except((value) => values.includes(value));
};

/** "The key must have a non-null and non-empty value" ("Key matching"). */
const exists = (wanted: unknown): Condition => {
  if (typeof wanted !== 'boolean')
    throw new InvalidFilterPolicy('exists match pattern must be either true or false.');
  return condition((value) => (value !== undefined && value !== null && value !== '') === wanted);
};

const operators: Readonly<Record<string, (value: unknown) => Condition>> = {
  prefix: (value) => ((prefix) => onStrings((text) => text.startsWith(prefix)))(pattern('prefix', value)),
  suffix: (value) => ((suffix) => onStrings((text) => text.endsWith(suffix)))(pattern('suffix', value)),
  'equals-ignore-case': (value) =>
    ((wanted) => onStrings((text) => text.toLowerCase() === wanted))(
      pattern('equals-ignore-case', value).toLowerCase(),
    ),
  wildcard: (value) => onStrings(wildcard(value)),
  'anything-but': anythingBut,
  numeric,
  cidr,
  exists,
};

/** One element of a policy's array: a value to equal, or an operator. Throws InvalidFilterPolicy. */
export const parseCondition = (element: unknown): Condition => {
  if (Array.isArray(element))
    throw new InvalidFilterPolicy('Match value must be String, number, true, false, or null');
  if (!isRecord(element)) return condition((value) => value === element);
  const [[operator, operand] = ['', undefined], ...more] = Object.entries(element);
  if (more.length > 0) throw new InvalidFilterPolicy('Only one key allowed in match expression');
  const parse = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (!parse) throw new InvalidFilterPolicy(`Unrecognized match type ${operator}`);
  return parse(operand);
};
