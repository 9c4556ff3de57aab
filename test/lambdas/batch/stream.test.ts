import fc from 'fast-check';
import { inBatches, inOrder } from '../../../lambdas/batch/stream.ts';
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

test('a batch is handled as one, up to the first record that cannot be read, which is all that is reported', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('good', 'good', 'good', 'unreadable')),
      fc.boolean(),
      async (texts, handled) => {
        const batches: string[][] = [];
        const failures: string[] = [];
        const consumer = inBatches<string>({
          decode: ({ kinesis }) => {
            if (Buffer.from(kinesis.data, 'base64').toString() === 'unreadable') throw new SyntaxError();
            return kinesis.sequenceNumber;
          },
          handle: async (messages) => {
            batches.push([...messages]);
            if (!handled) throw new Error('S3 is down');
          },
          onFailure: (_, record) => failures.push(record),
        });

        const { batchItemFailures } = await consumer({
          Records: texts.map((text, index) => kinesisRecord(String(index), text)),
        });

        const first = texts.indexOf('unreadable');
        const readable = first === -1 ? texts.length : first;
        const failed = readable > 0 && !handled ? 0 : first;
        const all = Array.from({ length: readable }, (_, index) => String(index));
        expect(batches).toEqual(readable === 0 ? [] : [all]);
        expect(batchItemFailures).toEqual(failed === -1 ? [] : [{ itemIdentifier: String(failed) }]);
        expect(failures.includes(String(failed))).toBe(failed !== -1);
      },
    ),
  );
});
