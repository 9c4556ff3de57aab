import fc from 'fast-check';
import { together } from '../../../lambdas/batch/queue.ts';
import { sqsRecord } from '../support/records.ts';

const consumer = (handled: string[][], reported: string[]) =>
  together<string>({
    decode: ({ body }) => {
      if (body === 'unreadable') throw new SyntaxError(body);
      return body;
    },
    handle: async (messages) => {
      handled.push([...messages]);
      return messages.map((message) => (message === 'refused' ? new Error(message) : undefined));
    },
    onFailure: (_, record) => reported.push(record),
  });

test('what can be read is handled in one go, and each message that failed is reported alone', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('good', 'unreadable', 'refused'), { maxLength: 10 }),
      async (bodies) => {
        const handled: string[][] = [];
        const reported: string[] = [];

        const { batchItemFailures } = await consumer(
          handled,
          reported,
        )({ Records: bodies.map((body, index) => sqsRecord(String(index), body)) });

        const readable = bodies.filter((body) => body !== 'unreadable');
        const failed = bodies.flatMap((body, index) => (body === 'good' ? [] : [String(index)]));
        expect(handled).toEqual(readable.length === 0 ? [] : [readable]);
        expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).toSorted()).toEqual(
          failed.toSorted(),
        );
        expect(reported.toSorted()).toEqual(failed.toSorted());
      },
    ),
  );
});

test('when the call as a whole fails, so does the invocation: all messages come again', async () => {
  const run = together<string>({
    decode: ({ body }) => body,
    handle: async () => {
      throw new Error('not reachable');
    },
    onFailure: () => {},
  });

  await expect(run({ Records: [sqsRecord('1', 'good')] })).rejects.toThrow('not reachable');
});
