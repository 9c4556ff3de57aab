import {
  type Condition,
  InvalidFilterPolicy,
  isRecord,
  parseCondition,
  type Scalar,
} from './filter-conditions.ts';

export { InvalidFilterPolicy } from './filter-conditions.ts';

export type FilterPolicyScope = 'MessageAttributes' | 'MessageBody';

/** "Filter policy constraints in Amazon SNS". */
const MAX_KEYS = 5;
const MAX_COMBINATIONS = 150;

/** All fields must match, and of each `$or` at least one member. */
interface Rule {
  readonly fields: ReadonlyMap<string, Rule | readonly Condition[]>;
  readonly alternatives: readonly (readonly Rule[])[];
}

/** What a message offers to a filter: attributes by name, or the properties of a JSON body. */
export type Filterable = Readonly<Record<string, unknown>>;

/** A subscription's filter policy: "Amazon SNS subscription filter policies". Immutable; knows no topic and no wire. */
export class FilterPolicy {
  readonly #rule: Rule;
  readonly #scope: FilterPolicyScope;

  /** @param policy the parsed JSON. Throws InvalidFilterPolicy with AWS's message. */
  constructor(policy: unknown, scope: FilterPolicyScope) {
    if (!isRecord(policy)) throw new InvalidFilterPolicy('FilterPolicy: Filter is not an object');
    this.#scope = scope;
    this.#rule = inPolicy(() => parseRule(policy, scope));
    if (scope === 'MessageAttributes' && isNested(this.#rule))
      throw new InvalidFilterPolicy(
        'Filter policy scope MessageAttributes does not support nested filter policy',
      );
    if (Object.keys(policy).length > MAX_KEYS)
      throw new InvalidFilterPolicy(`FilterPolicy: Filter policy can not have more than ${MAX_KEYS} keys`);
    if (combinations(policy, 1) > MAX_COMBINATIONS)
      throw new InvalidFilterPolicy('FilterPolicy: Filter policy is too complex');
  }

  /** Without a single attribute a message matches no condition, not even `exists: false` ("Key matching"). */
  accepts(message: Filterable): boolean {
    if (this.#scope === 'MessageAttributes' && Object.keys(message).length === 0)
      return this.#rule.fields.size + this.#rule.alternatives.length === 0;
    return this.#scope === 'MessageAttributes'
      ? matches(this.#rule, message, 'every')
      : matches(this.#rule, withoutDots(message), 'some');
  }
}

const inPolicy = (parse: () => Rule): Rule => {
  try {
    return parse();
  } catch (error) {
    if (error instanceof InvalidFilterPolicy) throw new InvalidFilterPolicy(`FilterPolicy: ${error.message}`);
    throw error;
  }
};

/** An `$or` of fewer than two objects is a field of that name. */
const orMembers = (key: string, value: unknown): readonly Readonly<Record<string, unknown>>[] | undefined =>
  key === '$or' && Array.isArray(value) && value.length > 1 && value.every(isRecord) ? value : undefined;

const parseRule = (policy: Readonly<Record<string, unknown>>, scope: FilterPolicyScope): Rule => {
  const fields = new Map<string, Rule | readonly Condition[]>();
  const alternatives: Rule[][] = [];
  for (const [key, value] of Object.entries(scope === 'MessageBody' ? withoutDots(policy) : policy)) {
    const members = orMembers(key, value);
    if (members) alternatives.push(members.map((member) => parseRule(member, scope)));
    else if (isRecord(value)) fields.set(key, parseRule(value, scope));
    else fields.set(key, parseConditions(key, value));
  }
  return { fields, alternatives };
};

const parseConditions = (key: string, value: unknown): readonly Condition[] => {
  if (!Array.isArray(value)) throw new InvalidFilterPolicy(`"${key}" must be an object or an array`);
  if (value.length === 0) throw new InvalidFilterPolicy('Empty arrays are not allowed');
  return value.map(parseCondition);
};

const isConditions = (field: Rule | readonly Condition[]): field is readonly Condition[] =>
  Array.isArray(field);

const isNested = ({ fields, alternatives }: Rule): boolean =>
  [...fields.values()].some((field) => !isConditions(field)) || alternatives.flat().some(isNested);

/** Values times depth, multiplied over all keys; the members of an `$or` are added (recorded 14-05-2024). */
const combinations = (policy: Readonly<Record<string, unknown>>, depth: number): number =>
  Object.entries(policy).reduce((total, [key, value]) => {
    const members = orMembers(key, value);
    if (members) return total * members.reduce((sum, member) => sum + combinations(member, depth), 0);
    if (isRecord(value)) return total * combinations(value, depth + 1);
    return total * (Array.isArray(value) ? value.length : 1) * depth;
  }, 1);

/** `{"a.b": 1}` and `{"a": {"b": 1}}` are the same to a body filter, in the policy and in the message. */
const withoutDots = (object: Filterable): Filterable => {
  if (!Object.keys(object).some((key) => key.includes('.'))) return object;
  const whole: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(object)) {
    const [head = '', ...rest] = key.split('.');
    merge(whole, head, rest.length === 0 ? value : { [rest.join('.')]: value });
  }
  return whole;
};

const merge = (into: Record<string, unknown>, key: string, value: unknown): void => {
  const present = Object.hasOwn(into, key) ? into[key] : undefined;
  const merged =
    present === undefined
      ? value
      : isRecord(present) && isRecord(value)
        ? { ...present, ...value }
        : [present, value].flat();
  Object.defineProperty(into, key, { value: merged, enumerable: true, configurable: true, writable: true });
};

/** Over an array: whether a negated condition must hold for every element or for some. */
type Negation = 'every' | 'some';

/** An array matches when one of its elements satisfies the whole rule: fields of different elements are never mixed. */
const matches = (rule: Rule, value: unknown, negation: Negation): boolean => {
  if (Array.isArray(value) && value.length > 0)
    return value.some((element) => matches(rule, element, negation));
  const object = isRecord(value) ? (negation === 'some' ? withoutDots(value) : value) : {};
  const fieldMatches = ([key, field]: readonly [string, Rule | readonly Condition[]]): boolean => {
    const present = Object.hasOwn(object, key) ? object[key] : undefined;
    return isConditions(field)
      ? field.some((condition) => holds(condition, leaves(present), negation))
      : matches(field, present, negation);
  };
  return (
    [...rule.fields].every(fieldMatches) &&
    rule.alternatives.every((members) => members.some((member) => matches(member, object, negation)))
  );
};

const holds = (condition: Condition, values: readonly Scalar[], negation: Negation): boolean => {
  if (values.length === 0) return condition.accepts(undefined);
  return condition.negated && negation === 'every'
    ? values.every((value) => condition.accepts(value))
    : values.some((value) => condition.accepts(value));
};

const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** The values at a key: an object has none, an array has those of its elements. */
const leaves = (value: unknown): readonly Scalar[] =>
  Array.isArray(value) ? value.flatMap(leaves) : isScalar(value) ? [value] : [];
