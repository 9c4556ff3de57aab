import fc from 'fast-check';
import { concurrently, type Delivery } from '../../../lambdas/batch/queue.ts';
import { sqsRecord } from '../support/records.ts';

/** How each message of a batch fares: its body says so. */
const batch = fc.array(fc.constantFrom('good', 'unreadable', 'refused'), { maxLength: 10 });

const consumerOf = (concurrency?: number) => {
  const handled: string[] = [];
  const reported: string[] = [];
  let atOnce = 0;
  let most = 0;
  const run = concurrently({
    ...(concurrency !== undefined && { concurrency }),
    decode: ({ body }) => {
      if (body === 'unreadable') throw new SyntaxError(body);
      return body;
    },
    handle: async (body: string, { messageId }: Delivery) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await Promise.resolve();
      atOnce -= 1;
      if (body === 'refused') throw new Error(body);
      handled.push(messageId);
    },
    onFailure: (_error, record) => reported.push(record),
  });
  return { run, handled, reported, most: () => most };
};

const recordsOf = (bodies: readonly string[]) => bodies.map((body, index) => sqsRecord(`m-${index}`, body));

test('each message fails alone: what failed is reported, everything else is handled once', async () => {
  await fc.assert(
    fc.asyncProperty(batch, async (bodies) => {
      const { run, handled, reported } = consumerOf();
      const Records = recordsOf(bodies);

      const { batchItemFailures } = await run({ Records });

      const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      const bad = Records.filter(({ body }) => body !== 'good').map(({ messageId }) => messageId);
      expect(failed.toSorted()).toEqual(bad.toSorted());
      expect(reported.toSorted()).toEqual(bad.toSorted());
      expect([...handled, ...failed].toSorted()).toEqual(
        Records.map(({ messageId }) => messageId).toSorted(),
      );
    }),
  );
});

test.each([
  { concurrency: undefined, most: 5 },
  { concurrency: 2, most: 2 },
  { concurrency: 1, most: 1 },
])('with a concurrency of $concurrency, $most of five are handled at once', async ({ concurrency, most }) => {
  const consumer = consumerOf(concurrency);

  await consumer.run({ Records: recordsOf(Array(5).fill('good')) });

  expect(consumer.most()).toBe(most);
  expect(consumer.handled).toHaveLength(5);
});

test('a handler is told how often its message has been received', async () => {
  const deliveries: Delivery[] = [];
  const run = concurrently({
    decode: ({ body }) => body,
    handle: async (_body, delivery) => {
      deliveries.push(delivery);
    },
    onFailure: () => {},
  });
  const record = sqsRecord('m-1', 'hello');
  record.attributes.ApproximateReceiveCount = '4';

  await run({ Records: [record] });

  expect(deliveries).toMatchObject([{ messageId: 'm-1', body: 'hello', receiveCount: 4 }]);
});
