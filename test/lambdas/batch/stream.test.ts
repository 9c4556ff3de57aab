import fc from 'fast-check';
import { inOrder } from '../../../lambdas/batch/stream.ts';
import { kinesisRecord } from '../support/records.ts';

test('records are handled one after the other up to the first failure, which is all that is reported', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('good', 'good', 'good', 'refused', 'unreadable')),
      async (texts) => {
        const handled: string[] = [];
        let atOnce = 0;
        const consumer = inOrder({
          decode: ({ kinesis }) => {
            const text = Buffer.from(kinesis.data, 'base64').toString();
            if (text === 'unreadable') throw new SyntaxError(text);
            return text;
          },
          handle: async (text: string, { kinesis }) => {
            atOnce += 1;
            expect(atOnce).toBe(1);
            await Promise.resolve();
            atOnce -= 1;
            if (text === 'refused') throw new Error(text);
            handled.push(kinesis.sequenceNumber);
          },
          onFailure: () => {},
        });

        const answer = await consumer({
          Records: texts.map((text, index) => kinesisRecord(String(index), text)),
        });

        const first = texts.findIndex((text) => text !== 'good');
        const good = first === -1 ? texts.length : first;
        expect(handled).toEqual(Array.from({ length: good }, (_, index) => String(index)));
        expect(answer.batchItemFailures).toEqual(first === -1 ? [] : [{ itemIdentifier: String(first) }]);
      },
    ),
  );
});
