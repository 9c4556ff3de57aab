import { failedItems } from '../../../local/pollers/batch-response.ts';

const sent = new Set(['a', 'b']);

test.each([
  ['""', 'an empty text'],
  ['[]', 'an empty list'],
  ['null', 'nothing'],
  ['{}', 'an empty object'],
  ['{"batchItemFailures":[]}', 'an empty list of failures'],
  ['{"batchItemFailures":null}', 'no list of failures'],
])('%s is success (recorded on AWS, 25-11-2025)', (answer) => {
  const failed = failedItems(answer, sent);

  expect(failed).toEqual(new Set());
});

test.each([
  ['{"batchItemFailures":[{"itemIdentifier":""}]}'],
  ['{"batchItemFailures":[{"itemIdentifier":null}]}'],
  ['{"batchItemFailures":[{"itemIdentifier":"unknown"}]}'],
  ['{"batchItemFailures":[{"foo":123}]}'],
  ['["text"]'],
])('%s fails the whole batch (recorded on AWS, 25-11-2025)', (answer) => {
  const failed = failedItems(answer, sent);

  expect(failed).toBe('all');
});

test('the items that were sent and reported have failed', () => {
  const failed = failedItems('{"batchItemFailures":[{"itemIdentifier":"b"}]}', sent);

  expect(failed).toEqual(new Set(['b']));
});
