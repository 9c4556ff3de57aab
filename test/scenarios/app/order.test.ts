import { outOfOrder } from '../../../scenarios/app/order.ts';

const seen = (key: string, ...numbers: number[]) => numbers.map((n) => ({ key, n }));

test.each([
  ['keys that are in order, however interleaved', [...seen('a', 0), ...seen('b', 0, 1), ...seen('a', 1)], []],
  ['a key whose records changed places', [...seen('a', 0, 2, 1), ...seen('b', 0)], ['a']],
  ['a key with a record twice', seen('a', 0, 1, 1), ['a']],
  ['a key with a gap', seen('a', 0, 2), ['a']],
  ['a key whose first is missing', seen('a', 1, 2), ['a']],
])('%s', (_, records, expected) => {
  expect(outOfOrder(records)).toEqual(expected);
});
