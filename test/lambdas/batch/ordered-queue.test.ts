import fc from 'fast-check';
import { inOrderPerGroup, type OrderedDelivery } from '../../../lambdas/batch/ordered-queue.ts';
import { sqsRecord } from '../support/records.ts';

const batch = fc.array(
  fc.record({
    group: fc.constantFrom('a', 'b', 'c'),
    good: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
  }),
  { maxLength: 10 },
);

const run = async (messages: readonly { group: string; good: boolean }[]) => {
  const handled: string[] = [];
  const consumer = inOrderPerGroup({
    decode: ({ messageId }) => messageId,
    handle: async (messageId: string) => {
      await Promise.resolve();
      if (!messages[Number(messageId)]?.good) throw new Error(messageId);
      handled.push(messageId);
    },
    onFailure: () => {},
  });
  const Records = messages.map(({ group }, index) => sqsRecord(String(index), '', group));
  const { batchItemFailures } = await consumer({ Records });
  return { handled, failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
};

/** What a model says of one group: everything before its first failure is handled, the rest is not. */
const split = (messages: readonly { group: string; good: boolean }[], group: string) => {
  const members = messages.flatMap((message, index) =>
    message.group === group ? [{ ...message, index }] : [],
  );
  const first = members.findIndex(({ good }) => !good);
  const ids = members.map(({ index }) => String(index));
  return first === -1
    ? { handled: ids, failed: [] }
    : { handled: ids.slice(0, first), failed: ids.slice(first) };
};

test('in each group, what comes before the first failure is handled in order and the rest is reported', async () => {
  await fc.assert(
    fc.asyncProperty(batch, async (messages) => {
      const { handled, failed } = await run(messages);

      for (const group of ['a', 'b', 'c']) {
        const ofGroup = (id: string) => messages[Number(id)]?.group === group;
        const expected = split(messages, group);
        expect(handled.filter(ofGroup)).toEqual(expected.handled);
        expect(failed.filter(ofGroup)).toEqual(expected.failed);
      }
    }),
  );
});

test('a message that cannot be read holds up its group, and only that', async () => {
  const handled: string[] = [];
  const consumer = inOrderPerGroup({
    decode: ({ body }): unknown => JSON.parse(body),
    handle: async (_message, { messageId }) => {
      handled.push(messageId);
    },
    onFailure: () => {},
  });

  const answer = await consumer({
    Records: [sqsRecord('a1', 'garbage', 'a'), sqsRecord('b1', '{}', 'b'), sqsRecord('a2', '{}', 'a')],
  });

  expect(handled).toEqual(['b1']);
  expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'a1' }, { itemIdentifier: 'a2' }]);
});

test('a message that does not come from a FIFO queue fails: nothing is known of its order', async () => {
  const handled: string[] = [];
  const consumer = inOrderPerGroup({
    decode: ({ messageId }) => messageId,
    handle: async (messageId: string) => {
      handled.push(messageId);
    },
    onFailure: () => {},
  });

  const answer = await consumer({ Records: [sqsRecord('standard', '')] });

  expect(handled).toEqual([]);
  expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'standard' }]);
});

test('a handler is told the group of a message and its place in it, to the last digit', async () => {
  const deliveries: OrderedDelivery[] = [];
  const consumer = inOrderPerGroup({
    decode: () => undefined,
    handle: async (_message, delivery) => {
      deliveries.push(delivery);
    },
    onFailure: () => {},
  });

  await consumer({ Records: [sqsRecord('m', '', 'a', '18849496460467696129')] });

  expect(deliveries).toMatchObject([{ messageId: 'm', groupId: 'a', sequenceNumber: 18849496460467696129n }]);
});
