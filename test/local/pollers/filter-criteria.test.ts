import { jest } from '@jest/globals';
import fc from 'fast-check';
import {
  compileFilters,
  compilePattern,
  filterablePayload,
  InvalidPattern,
} from '../../../local/pollers/filter-criteria.ts';

const matches = (pattern: unknown, record: unknown): boolean =>
  compilePattern(JSON.stringify(pattern))(record);

describe.each<[string, unknown, unknown[], unknown[]]>([
  ['equals', ['a', 1, true], ['a', 1, true], ['b', 2, false, null, undefined, '1']],
  ['null', [null], [null], [undefined, '', 0]],
  ['empty', [''], [''], [null, undefined, ' ']],
  ['exists', [{ exists: true }], ['x', null, 0], [undefined, { nested: 1 }]],
  ['does not exist', [{ exists: false }], [undefined], ['x', null]],
  ['prefix', [{ prefix: 'us-' }], ['us-east-1'], ['eu-us-', 3, undefined]],
  ['prefix ignoring case', [{ prefix: { 'equals-ignore-case': 'US-' } }], ['us-east'], ['eu']],
  ['suffix', [{ suffix: '.png' }], ['a.png'], ['png.a', undefined]],
  ['equals ignoring case', [{ 'equals-ignore-case': 'alice' }], ['ALICE'], ['alicia']],
  ['anything but', [{ 'anything-but': ['a', 'b'] }], ['c', 1], ['a', 'b', undefined]],
  ['anything but a number', [{ 'anything-but': 5 }], [4, '5'], [5, undefined]],
  ['anything but a prefix', [{ 'anything-but': { prefix: 'x' } }], ['ax'], ['xa', undefined]],
  ['numeric equals', [{ numeric: ['=', 100] }], [100, 1e2], [99, '100', undefined]],
  ['numeric range', [{ numeric: ['>', 10, '<=', 20] }], [10.5, 20], [10, 20.1]],
  ['cidr', [{ cidr: '10.0.0.0/24' }], ['10.0.0.255'], ['10.0.1.0', 'host', undefined]],
  ['wildcard', [{ wildcard: 'dir/*.png' }], ['dir/a/b.png', 'dir/.png'], ['dir/a.jpg']],
  ['one of several', ['a', { prefix: 'b' }, { exists: false }], ['a', 'bc', undefined], ['c']],
])('%s', (_, pattern, hits, misses) => {
  test.each(hits)('matches %p', (field) => {
    expect(matches({ field: pattern }, field === undefined ? {} : { field })).toBe(true);
  });

  test.each(misses)('does not match %p', (field) => {
    expect(matches({ field: pattern }, field === undefined ? {} : { field })).toBe(false);
  });
});

test('all fields must match, also nested ones', () => {
  const pattern = { body: { a: ['x'], b: { c: [1] } } };

  expect(matches(pattern, { body: { a: 'x', b: { c: 1 } } })).toBe(true);
  expect(matches(pattern, { body: { a: 'x', b: { c: 2 } } })).toBe(false);
  expect(matches(pattern, { body: 'a x' })).toBe(false);
});

test('$or is met by any of its patterns, beside the other fields', () => {
  const pattern = { kind: ['k'], $or: [{ a: ['x'] }, { b: [{ numeric: ['>', 5] }] }] };

  expect(matches(pattern, { kind: 'k', a: 'x' })).toBe(true);
  expect(matches(pattern, { kind: 'k', b: 6 })).toBe(true);
  expect(matches(pattern, { kind: 'k', b: 5 })).toBe(false);
  expect(matches(pattern, { kind: 'j', a: 'x' })).toBe(false);
});

test('an array in the record matches by any of its elements', () => {
  expect(matches({ tags: ['red'] }, { tags: ['blue', 'red'] })).toBe(true);
  expect(matches({ tags: ['red'] }, { tags: ['blue'] })).toBe(false);
  expect(matches({ items: { id: [2] } }, { items: [{ id: 1 }, { id: 2 }] })).toBe(true);
});

test('without patterns everything passes unseen; with several, what meets one of them', () => {
  const record = jest.fn(() => ({ b: 2 }));

  expect(compileFilters([])(record)).toBe(true);
  expect(record).not.toHaveBeenCalled();
  expect(compileFilters(['{"a":[1]}', '{"b":[2]}'])(record)).toBe(true);
  expect(compileFilters(['{"a":[1]}', '{"b":[2]}'])(() => ({ c: 3 }))).toBe(false);
});

test.each([
  'no JSON',
  'null',
  '"simple string"',
  '["array"]',
  '{}',
  '{"eventSource":"aws:sqs"}',
  '{"a":[{"numeric":["~",1]}]}',
  '{"a":[{"unknown":1}]}',
  '{"a":[{"prefix":1}]}',
  '{"a":[{"cidr":"10.0.0.0/99"}]}',
  '{"a":[{"prefix":"x","suffix":"y"}]}',
  '{"$or":[{"a":[1]}]}',
])('%s is no pattern', (pattern) => {
  expect(() => compilePattern(pattern)).toThrow(InvalidPattern);
});

test('a payload is its JSON object, else its text', () => {
  expect(filterablePayload('{"a":1}')).toEqual({ a: 1 });
  expect(filterablePayload('plain')).toBe('plain');
  expect(matches({ body: ['plain'] }, { body: filterablePayload('plain') })).toBe(true);
  expect(matches({ body: ['plain'] }, { body: filterablePayload('{"a":"plain"}') })).toBe(false);
});

test('a record matches the pattern made of its own values, and no longer when one of them changes', () => {
  const fields = fc.dictionary(
    fc.string({ minLength: 1 }).filter((key) => key !== '$or' && key !== '__proto__'),
    fc.string(),
    {
      minKeys: 1,
    },
  );
  fc.assert(
    fc.property(fields, (record) => {
      const pattern = Object.fromEntries(Object.entries(record).map(([key, value]) => [key, [value]]));
      const [key = ''] = Object.keys(record);

      expect(matches(pattern, record)).toBe(true);
      expect(matches(pattern, { ...record, [key]: `${record[key]}!` })).toBe(false);
    }),
  );
});
