import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { InvalidPattern } from './filter-criteria.ts';

/** One condition on one value; `undefined` is a field that is not there. */
export type Condition = (value: unknown) => boolean;

type Comparison = readonly [operator: string, bound: number];

const compare: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

const numeric = (rule: readonly unknown[]): Condition => {
  const comparisons: Comparison[] = [];
  for (let at = 0; at < rule.length; at += 2) {
    const [operator, bound] = rule.slice(at, at + 2);
    if (typeof operator !== 'string' || !compare[operator] || typeof bound !== 'number') {
      throw new InvalidPattern('numeric takes pairs of operator and number');
    }
    comparisons.push([operator, bound]);
  }
  if (comparisons.length === 0 || comparisons.length > 2)
    throw new InvalidPattern('numeric takes one or two bounds');
  return (value) =>
    typeof value === 'number' &&
    comparisons.every(([operator, bound]) => compare[operator]?.(value, bound) ?? false);
};

const onText =
  (test: (text: string) => boolean): Condition =>
  (value) =>
    typeof value === 'string' && test(value);

const wildcard = (pattern: string): Condition => {
  const source = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${source.join('.*')}$`, 's');
  return onText((text) => expression.test(text));
};

const cidr = (block: string): Condition => {
  const [network = '', prefix] = block.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  try {
    list.addSubnet(network, Number(prefix), family);
  } catch {
    throw new InvalidPattern(`${block} is no CIDR block`);
  }
  return onText((text) => isIP(text) !== 0 && list.check(text, isIP(text) === 6 ? 'ipv6' : 'ipv4'));
};

const text = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const prefix = (starts: readonly string[]): Condition =>
  onText((value) => starts.some((start) => value.startsWith(start)));
const suffix = (ends: readonly string[]): Condition =>
  onText((value) => ends.some((end) => value.endsWith(end)));
const ignoringCase = (wanted: readonly string[]): Condition =>
  onText((value) => wanted.some((one) => one.toLowerCase() === value.toLowerCase()));

/** Holds for a value that is there and is none of these, or does not meet the one condition. */
const anythingBut = (excluded: unknown): Condition => {
  const values = z.union([scalar.transform((one) => [one]), z.array(scalar)]).safeParse(excluded);
  if (values.success) return (value) => value !== undefined && !values.data.some((one) => one === value);
  const holds = condition(excluded);
  return (value) => value !== undefined && !holds(value);
};

const named: Readonly<Record<string, (rule: unknown) => Condition>> = {
  exists: (rule) => {
    const wanted = z.boolean().parse(rule);
    return (value) => (value !== undefined) === wanted;
  },
  prefix: (rule) => {
    const ignoreCase = z.strictObject({ 'equals-ignore-case': z.string() }).safeParse(rule);
    if (!ignoreCase.success) return prefix(text.parse(rule));
    const start = ignoreCase.data['equals-ignore-case'].toLowerCase();
    return onText((value) => value.toLowerCase().startsWith(start));
  },
  suffix: (rule) => {
    const ignoreCase = z.strictObject({ 'equals-ignore-case': z.string() }).safeParse(rule);
    if (!ignoreCase.success) return suffix(text.parse(rule));
    const end = ignoreCase.data['equals-ignore-case'].toLowerCase();
    return onText((value) => value.toLowerCase().endsWith(end));
  },
  'equals-ignore-case': (rule) => ignoringCase(text.parse(rule)),
  'anything-but': anythingBut,
  numeric: (rule) => numeric(z.array(z.unknown()).parse(rule)),
  cidr: (rule) => cidr(z.string().parse(rule)),
  wildcard: (rule) => {
    const wildcards = text.parse(rule).map(wildcard);
    return (value) => wildcards.some((holds) => holds(value));
  },
};

/** Compiles one element of a pattern's array: a value to equal, or a rule by its name. Throws InvalidPattern. */
export const condition = (rule: unknown): Condition => {
  const value = scalar.safeParse(rule);
  if (value.success) return (candidate) => candidate === value.data;
  const entries = Object.entries(z.record(z.string(), z.unknown()).safeParse(rule).data ?? {});
  const [entry] = entries;
  const make = entry && entries.length === 1 ? named[entry[0]] : undefined;
  if (!make || !entry) throw new InvalidPattern(`unknown rule ${JSON.stringify(rule)}`);
  try {
    return make(entry[1]);
  } catch (error) {
    if (error instanceof InvalidPattern) throw error;
    throw new InvalidPattern(`rule ${entry[0]} has another form`);
  }
};
