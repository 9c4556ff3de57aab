import { doneBefore } from '../../../local/pollers/kafka-response.ts';

const failed = (...items: unknown[]): string =>
  JSON.stringify({ batchItemFailures: items.map((itemIdentifier) => ({ itemIdentifier })) });

test.each([
  ['nothing', '', 3],
  ['null', 'null', 3],
  ['an empty list', failed(), 3],
  ['the second record', failed({ partition: 'a-0', offset: 11 }), 1],
  [
    'two records: the first of them counts',
    failed({ partition: 'a-0', offset: 12 }, { partition: 'a-0', offset: 10 }),
    0,
  ],
  ['a record that was not sent', failed({ partition: 'a-0', offset: 99 }), 0],
  ['a record of another partition', failed({ partition: 'a-1', offset: 11 }), 0],
  ['an identifier in the form of another source', failed('11'), 0],
])('a function that answers %s has done so many of three', (_, payload, done) => {
  expect(doneBefore(payload, 'a-0', [10, 11, 12])).toBe(done);
});
