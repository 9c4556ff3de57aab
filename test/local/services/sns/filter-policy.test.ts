import fc from 'fast-check';
import { FilterPolicy, type FilterPolicyScope } from '../../../../local/services/sns/filter-policy.ts';

const byAttributes = (policy: unknown, message: Record<string, unknown>): boolean =>
  new FilterPolicy(policy, 'MessageAttributes').accepts(message);

const byBody = (policy: unknown, message: Record<string, unknown>): boolean =>
  new FilterPolicy(policy, 'MessageBody').accepts(message);

/** "String value matching", "Numeric value matching", "Attribute key matching" of the Amazon SNS guide. */
describe.each([
  ['an exact value', ['rugby', 'tennis'], ['rugby', 'tennis'], ['baseball', 'Rugby', undefined]],
  ['a prefix', [{ prefix: 'bas' }], ['baseball', 'bas'], ['rugby', 'Bas', 5, undefined]],
  ['a suffix', [{ suffix: 'ball' }], ['baseball', 'ball'], ['balls', undefined]],
  ['equals-ignore-case', [{ 'equals-ignore-case': 'Tennis' }], ['tennis', 'TENNIS'], ['tenni', undefined]],
  ['a wildcard', [{ wildcard: '*b*ll' }], ['baseball', 'bll', 'a\nb.ll'], ['balls', 'rugby', undefined]],
  ['an escaped wildcard', [{ wildcard: 'a\\*.b' }], ['a*.b'], ['axx.b', 'a*xb']],
  ['anything but a value', [{ 'anything-but': 'rugby' }], ['tennis', 5], ['rugby', undefined]],
  [
    'anything but values',
    [{ 'anything-but': ['rugby', 100] }],
    ['tennis', 101, '100'],
    ['rugby', 100, undefined],
  ],
  ['anything but a prefix', [{ 'anything-but': { prefix: 'bas' } }], ['rugby', 5], ['baseball', undefined]],
  [
    'anything but a wildcard',
    [{ 'anything-but': { wildcard: '*ball' } }],
    ['rugby'],
    ['baseball', undefined],
  ],
  ['an exact number', [{ numeric: ['=', 301.5] }, 7], [301.5, 3.015e2, 7], [301, '7', undefined]],
  ['a number below', [{ numeric: ['<', 0] }], [-1], [0, 1, '-1', undefined]],
  ['a range of numbers', [{ numeric: ['>', 0, '<=', 150] }], [0.1, 150], [0, 150.1]],
  ['an IPv4 block', [{ cidr: '10.0.0.0/24' }], ['10.0.0.0', '10.0.0.255'], ['10.1.1.0', 'x', undefined]],
  [
    'an IPv6 block',
    [{ cidr: '2001:db8:1234:1a00::/64' }],
    ['2001:0db8:1234:1a00:0000:0000:0000:0000'],
    ['2001:db8:1234:1b00::', '10.0.0.1'],
  ],
  ['a key that exists', [{ exists: true }], [0, 'x'], ['', null, undefined]],
  ['a key that does not', [{ exists: false }], ['', null], [0, 'x']],
  ['either of two', ['rugby', { prefix: 'bas' }], ['rugby', 'baseball'], ['tennis']],
])('a filter for %s', (_, conditions, accepted, refused) => {
  test.each(accepted)('takes %p', (value) => {
    expect(byAttributes({ key: conditions }, { key: value })).toBe(true);
    expect(byBody({ key: conditions }, { key: value })).toBe(true);
  });

  test.each(refused)('leaves %p', (value) => {
    const message = value === undefined ? { other: 'x' } : { key: value };

    expect(byAttributes({ key: conditions }, message)).toBe(false);
    expect(byBody({ key: conditions }, message)).toBe(false);
  });
});

test('exists false takes a message without the key, unless it has no attribute at all', () => {
  const policy = { key: [{ exists: false }] };

  expect(byAttributes(policy, { other: 'x' })).toBe(true);
  expect(byAttributes(policy, {})).toBe(false);
  expect(byBody(policy, { other: 'x' })).toBe(true);
  expect(byAttributes({}, {})).toBe(true);
});

test('no attribute is not null, and not anything but something (recorded 14-05-2024)', () => {
  expect(byAttributes({ attr1: [null, { 'anything-but': 'whatever' }] }, {})).toBe(false);
});

test('one element of an array is enough, and none of it may be excluded', () => {
  const interests = { interests: ['rugby', 'baseball'] };

  expect(byAttributes({ interests: ['rugby'] }, interests)).toBe(true);
  expect(byAttributes({ interests: ['tennis'] }, interests)).toBe(false);
  expect(byAttributes({ interests: [{ 'anything-but': ['rugby', 'tennis'] }] }, interests)).toBe(false);
  expect(byAttributes({ interests: [{ 'anything-but': ['tennis'] }] }, interests)).toBe(true);
});

test('all keys of a policy must match, and one member of an $or', () => {
  const policy = { source: ['aws'], $or: [{ metric: ['cpu'] }, { space: ['ec2'] }] };

  expect(byAttributes(policy, { source: 'aws', space: 'ec2' })).toBe(true);
  expect(byAttributes(policy, { source: 'aws', metric: 'cpu' })).toBe(true);
  expect(byAttributes(policy, { source: 'aws' })).toBe(false);
  expect(byAttributes(policy, { metric: 'cpu' })).toBe(false);
});

/** The filter of "Payload-based message filtering for Amazon SNS"; answers recorded 03-12-2024. */
test.each([
  [
    true,
    {
      Records: [
        { eventName: 'ObjectCreated:Put', s3: { object: [[{ key: 'auto-1' }]] } },
        { eventName: 'ObjectRemoved:Delete', s3: { object: { key: 'home-1' } } },
      ],
    },
  ],
  [true, { Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key: 'auto-1' } } }] }],
  [false, { Records: [{ eventName: 'ObjectRemoved:Delete', s3: { object: { key: 'auto-1' } } }] }],
  [false, { Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key: 'home-1' } } }] }],
  [
    false,
    {
      Records: [
        { eventName: 'ObjectCreated:Put', s3: { object: { key: 'home-1' } } },
        { eventName: 'ObjectRemoved:Delete', s3: { object: { key: 'auto-1' } } },
      ],
    },
  ],
  [false, { Records: [] }],
])('what a body filter demands of an array, one element must have all of: %p', (accepted, body) => {
  const policy = {
    Records: { s3: { object: { key: [{ prefix: 'auto-' }] } }, eventName: [{ prefix: 'ObjectCreated:' }] },
  };

  expect(byBody(policy, body)).toBe(accepted);
});

/** Recorded 03-12-2024. */
test.each([
  { object: { nested: { test: 'string.value' } } },
  { 'object.nested.test': 'string.value' },
  { 'object.nested': { test: 'string.value' } },
  { object: { 'nested.test': 'string.value' } },
])('a dot in a name of the body is one level: %p', (body) => {
  const value = ['string.value'];

  expect(byBody({ 'object.nested.test': value }, body)).toBe(true);
  expect(byBody({ object: { nested: { test: value } } }, body)).toBe(true);
});

/** Recorded 03-12-2024. */
test.each([
  [{ object: { key: 'auto-test' } }, true],
  [{ object: { key: 'hardcodedvalue' } }, true],
  [{ object: { key: 'test-auto' } }, false],
  [{ object: { key: 'auto-test' }, test: 'just-exists' }, false],
  [{ object: { key: 'auto-test', nested_key: 'just-exists' } }, false],
  [{ object: { test: 'auto-test' } }, false],
  [{ test: 'auto-test' }, false],
])('nested keys and absent keys: %p', (body, accepted) => {
  const policy = {
    object: { key: [{ prefix: 'auto-' }, 'hardcodedvalue'], nested_key: [{ exists: false }] },
    test: [{ exists: false }],
  };

  expect(byBody(policy, body)).toBe(accepted);
});

/** Messages as recorded from 14-05-2024 to 03-12-2024, without the position in the text. */
test.each([
  ['Match value must be String, number, true, false, or null', [['value']]],
  ['Unrecognized match type wrong-operator', [{ 'wrong-operator': true }]],
  ['Unrecognized match type toString', [{ toString: true }]],
  ['Only one key allowed in match expression', [{ suffix: 'a', prefix: 'b' }]],
  ['Empty arrays are not allowed', []],
  ['suffix match pattern must be a string', [{ suffix: 100 }]],
  ['suffix match pattern must be a string', [{ suffix: null }]],
  ['suffix match pattern must be a string', [{ suffix: [] }]],
  ['"suffix" must be an object or an array', { suffix: 'value' }],
  ['prefix match pattern must be a string', [{ cidr: ['bad-filter'] }]],
  ["Malformed CIDR, one '/' required", [{ cidr: 'bad-filter' }]],
  ['Nonstandard IP address: bad-filter', [{ cidr: 'bad-filter/64' }]],
  ['Malformed CIDR, mask bits must be an integer', [{ cidr: '10.0.0.0/x' }]],
  ['Nonstandard IP address: xx.11.xx', [{ cidr: 'xx.11.xx/8' }]],
  ['Invalid member in numeric match: ]', [{ numeric: [] }]],
  ['Unrecognized numeric range operator: operator', [{ numeric: ['operator'] }]],
  ['Unrecognized numeric range operator: constructor', [{ numeric: ['constructor', 1] }]],
  ['Invalid member in numeric match: 1', [{ numeric: [1, '<='] }]],
  ['Value of equals must be numeric', [{ numeric: ['=', '000'] }]],
  ['Value of >= must be numeric', [{ numeric: ['>='] }]],
  ['Too many elements in numeric expression', [{ numeric: ['<', 100, '>', 10] }]],
  ['Bad numeric range operator: >', [{ numeric: ['>=', 1, '>', 2] }]],
  ['Bottom must be less than top', [{ numeric: ['>', 3, '<', 1] }]],
  ['Value of <= must be numeric', [{ numeric: ['>', 20, '<='] }]],
  ['Bad value in numeric range: 30', [{ numeric: ['>', 20, 30] }]],
  ['Bad numeric range operator: test', [{ numeric: ['>', 20, 'test'] }]],
  ['Value of > must be numeric', [{ numeric: ['>', '20', '<', '30'] }]],
  ['Value of < must be numeric', [{ numeric: ['>', 20, '<', '30'] }]],
  ['Too many terms in numeric range expression', [{ numeric: ['>', 20, '<', 30, '<', 50] }]],
  ['exists match pattern must be either true or false.', [{ exists: null }]],
  ['exists match pattern must be either true or false.', [{ exists: 'no' }]],
  ['Unsupported anything-but pattern: wrong-operator', [{ 'anything-but': { 'wrong-operator': null } }]],
  ['Unsupported anything-but pattern: suffix', [{ 'anything-but': { suffix: 'test' } }]],
  ['Unsupported anything-but pattern: exists', [{ 'anything-but': { exists: false } }]],
  ['prefix match pattern must be a string', [{ 'anything-but': { prefix: false } }]],
])("a policy is refused with AWS's words: %s", (message, conditions) => {
  expect(() => new FilterPolicy({ key: conditions }, 'MessageAttributes')).toThrow(
    `FilterPolicy: ${message}`,
  );
});

const values = (count: number): string[] => Array.from({ length: count }, (_, n) => `value${n}`);

/** The combinations of each policy stand beside it; recorded 14-05-2024. */
test.each<[number, FilterPolicyScope, Record<string, unknown>]>([
  [151, 'MessageAttributes', { key: values(151) }],
  [5100, 'MessageAttributes', { key1: values(100), key2: values(51) }],
  [
    152,
    'MessageAttributes',
    {
      source: values(4),
      $or: [{ name: values(6) }, { type: values(4), $or: [{ id: values(4) }, { space: values(4) }] }],
    },
  ],
  [
    160,
    'MessageBody',
    {
      $or: [{ name: values(3) }, { space: values(2) }],
      detail: { scope: values(2), $or: [{ source: values(1) }, { type: values(3) }] },
    },
  ],
])('a policy of %d combinations is too complex', (_, scope, policy) => {
  expect(() => new FilterPolicy(policy, scope)).toThrow('FilterPolicy: Filter policy is too complex');
});

test('a policy of 150 combinations is not too complex, but one of six keys has too many', () => {
  const complex = {
    source: values(3),
    $or: [{ name: values(6) }, { type: values(4), $or: [{ id: values(4) }, { space: values(7) }] }],
  };
  const wide = Object.fromEntries(values(6).map((key) => [key, ['x']]));

  expect(() => new FilterPolicy(complex, 'MessageAttributes')).not.toThrow();
  expect(() => new FilterPolicy(wide, 'MessageAttributes')).toThrow(
    'FilterPolicy: Filter policy can not have more than 5 keys',
  );
});

const text = fc.string({ maxLength: 6, unit: fc.constantFrom('a', 'b', '*', '.', '\\', 'ß') });
const scalar = fc.oneof(text, fc.integer({ min: -3, max: 3 }), fc.boolean(), fc.constant(null));
const object = fc.dictionary(fc.constantFrom('a', 'b', 'c.d', '__proto__', '$or'), scalar, { maxKeys: 4 });

describe('for every message', () => {
  test('it is taken by a filter made of its own values', () => {
    fc.assert(
      fc.property(
        object.filter((message) => Object.keys(message).length > 0),
        (message) => {
          const policy = Object.fromEntries(Object.entries(message).map(([key, value]) => [key, [value]]));

          expect(byAttributes(policy, message)).toBe(true);
          expect(byBody(policy, message)).toBe(true);
        },
      ),
    );
  });

  test('exists true and exists false never agree', () => {
    fc.assert(
      fc.property(object, fc.constantFrom('a', 'b', 'z'), (given, key) => {
        const message = { ...given, other: 'x' };
        const present = byAttributes({ [key]: [{ exists: true }] }, message);
        const absent = byAttributes({ [key]: [{ exists: false }] }, message);

        expect(present).toBe(!absent);
      }),
    );
  });

  test('anything-but is the opposite of the value wherever the key exists', () => {
    fc.assert(
      fc.property(scalar, fc.oneof(text, fc.integer({ min: -3, max: 3 })), (value, excluded) => {
        const without = byAttributes({ a: [{ 'anything-but': excluded }] }, { a: value });
        const only = byAttributes({ a: [excluded] }, { a: value });

        expect(without).toBe(!only);
      }),
    );
  });

  test('a wildcard takes exactly what its parts in this order take', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', '.', 'ß'), { maxLength: 6 }),
        fc.array(
          text.map((part) => part.replace(/[*\\]/g, '')),
          { minLength: 1, maxLength: 3 },
        ),
        (filler, parts) => {
          const kept = parts.filter(
            (part, index) => part !== '' || index === 0 || index === parts.length - 1,
          );
          const candidate = kept.join(filler.join(''));

          expect(
            byAttributes({ a: [{ wildcard: kept.join('*').replace(/\*+/g, '*') }] }, { a: candidate }),
          ).toBe(true);
        },
      ),
    );
  });

  test('a filter does not change what it looks at, nor what it is', () => {
    fc.assert(
      fc.property(object, object, (policyValues, message) => {
        const policy = Object.fromEntries(Object.entries(policyValues).map(([key, value]) => [key, [value]]));
        const filter = new FilterPolicy(policy, 'MessageBody');
        const before = structuredClone(message);
        const first = filter.accepts(message);

        expect(filter.accepts(message)).toBe(first);
        expect(message).toEqual(before);
      }),
    );
  });
});
