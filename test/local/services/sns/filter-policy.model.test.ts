import fc from 'fast-check';
import { FilterPolicy } from '../../../../local/services/sns/filter-policy.ts';

type Value = string | number | boolean | null;

/** One condition of a policy, with what it means said the other way round: over the text of a value. */
interface Case {
  readonly element: unknown;
  readonly holds: (value: Value | undefined) => boolean;
  /** `anything-but`: in a list of attributes it is about all of them. */
  readonly negated?: boolean;
}

const isText = (value: Value | undefined): value is string => typeof value === 'string';
const isNumber = (value: Value | undefined): value is number => typeof value === 'number';

const word = fc.string({ maxLength: 3, unit: fc.constantFrom('a', 'B', 'b') });
const number = fc.integer({ min: -2, max: 4 });
const value: fc.Arbitrary<Value> = fc.oneof(word, number, fc.boolean(), fc.constant(null));

const conditions: fc.Arbitrary<Case> = fc.oneof(
  value.map((wanted) => ({ element: wanted, holds: (given: Value | undefined) => given === wanted })),
  word.map((start) => ({
    element: { prefix: start },
    holds: (given: Value | undefined) => isText(given) && given.indexOf(start) === 0,
  })),
  word.map((end) => ({
    element: { suffix: end },
    holds: (given: Value | undefined) => isText(given) && given.slice(given.length - end.length) === end,
  })),
  word.map((wanted) => ({
    element: { 'equals-ignore-case': wanted },
    holds: (given: Value | undefined) => isText(given) && given.toUpperCase() === wanted.toUpperCase(),
  })),
  fc.tuple(word, word).map(([start, end]) => ({
    element: { wildcard: `${start}*${end}` },
    holds: (given: Value | undefined) =>
      isText(given) &&
      given.length >= start.length + end.length &&
      given.startsWith(start) &&
      given.endsWith(end),
  })),
  fc.array(fc.oneof(word, number), { minLength: 1, maxLength: 3 }).map((excluded) => ({
    element: { 'anything-but': excluded },
    holds: (given: Value | undefined) => given !== undefined && !excluded.some((each) => each === given),
    negated: true,
  })),
  word.map((start) => ({
    element: { 'anything-but': { prefix: start } },
    holds: (given: Value | undefined) => given !== undefined && !(isText(given) && given.startsWith(start)),
    negated: true,
  })),
  fc.boolean().map((wanted) => ({
    element: { exists: wanted },
    holds: (given: Value | undefined) => (given === undefined || given === null || given === '') !== wanted,
  })),
  fc.tuple(number, fc.integer({ min: 1, max: 3 })).map(([bottom, width]) => ({
    element: { numeric: ['>', bottom, '<=', bottom + width] },
    holds: (given: Value | undefined) => isNumber(given) && given - bottom > 0 && given - bottom <= width,
  })),
  number.map((limit) => ({
    element: { numeric: ['<', limit] },
    holds: (given: Value | undefined) => isNumber(given) && given - limit < 0,
  })),
);

const names = fc.constantFrom('a', 'b', 'c');
const field = fc.array(conditions, { minLength: 1, maxLength: 3 });
const fields = fc.dictionary(names, field, { minKeys: 1, maxKeys: 3, noNullPrototype: true });

type Fields = Readonly<Record<string, readonly Case[]>>;

const elements = (cases: Fields): Record<string, unknown> =>
  Object.fromEntries(Object.entries(cases).map(([name, each]) => [name, each.map(({ element }) => element)]));

/** What a message offers under a name: nothing, one value, or a list. */
const offered = fc.oneof(value, fc.array(value, { maxLength: 3 }));
const message = fc.dictionary(names, offered, { noNullPrototype: true });

type Message = Readonly<Record<string, Value | readonly Value[]>>;

const listOf = (of: Message, name: string): readonly Value[] => {
  const found = of[name];
  return found === undefined ? [] : [found].flat();
};

/** "All of the policy's keys, any of a key's conditions", for attributes, if there are any, and for the properties of a body. */
const expected = (cases: Fields, of: Message, scope: 'MessageAttributes' | 'MessageBody'): boolean =>
  (scope === 'MessageBody' || Object.keys(of).length > 0) &&
  Object.entries(cases).every(([name, each]) => {
    const values = listOf(of, name);
    return each.some(({ holds, negated = false }) => {
      if (values.length === 0) return holds(undefined);
      return negated && scope === 'MessageAttributes' ? values.every(holds) : values.some(holds);
    });
  });

test.each(['MessageAttributes', 'MessageBody'] as const)(
  'with scope %s a message passes when each key of the policy has a condition that holds for it',
  (scope) => {
    fc.assert(
      fc.property(fields, message, (cases, of) => {
        expect(new FilterPolicy(elements(cases), scope).accepts(of)).toBe(expected(cases, of, scope));
      }),
      { numRuns: 1000 },
    );
  },
);

test('with $or a message passes when, besides the other keys, one of its members passes', () => {
  fc.assert(
    fc.property(fields, fields, fields, message, (always, one, other, of) => {
      const policy = { ...elements(always), $or: [elements(one), elements(other)] };
      const either = [one, other].some((cases) => expected(cases, of, 'MessageBody'));

      fc.pre(isNotTooComplex(policy));
      expect(new FilterPolicy(policy, 'MessageBody').accepts(of)).toBe(
        expected(always, of, 'MessageBody') && either,
      );
    }),
    { numRuns: 500 },
  );
});

test('under a key of the body a policy means what it means at its top', () => {
  fc.assert(
    fc.property(fields, message, (cases, of) => {
      const policy = { in: elements(cases) };
      fc.pre(isNotTooComplex(policy));
      const nested = new FilterPolicy(policy, 'MessageBody').accepts({ in: of });

      expect(nested).toBe(expected(cases, of, 'MessageBody'));
    }),
    { numRuns: 500 },
  );
});

const isNotTooComplex = (policy: object): boolean => {
  try {
    return new FilterPolicy(policy, 'MessageBody') instanceof FilterPolicy;
  } catch {
    return false;
  }
};
