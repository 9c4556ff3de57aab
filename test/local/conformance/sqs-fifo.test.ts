import { conformance } from './checks.ts';
import { bodies, fifo, queueOf } from './sqs-queue.ts';

conformance('SQS', (check) => {
  check(
    'SQS Developer Guide, "FIFO delivery logic"',
    'messages of a group keep their order, and wait for the one in flight',
    async (target) => {
      const queue = await queueOf(target, { ...fifo, ContentBasedDeduplication: 'true' });
      for (const body of ['1', '2', '3']) await queue.send(body, { MessageGroupId: 'group' });
      const [first] = await queue.receive({ MaxNumberOfMessages: 1 });

      const blocked = await queue.receive({ WaitTimeSeconds: 0 });
      await queue.delete(first?.ReceiptHandle);

      expect(first?.Body).toBe('1');
      expect(blocked).toEqual([]);
      expect(bodies(await queue.receive())).toEqual(['2', '3']);
    },
  );

  check(
    'SQS Developer Guide, "Exactly-once processing in Amazon SQS"; recorded on AWS, 30-04-2024',
    'a deduplication id is taken once in five minutes, also after its message is deleted, whatever the group',
    async (target) => {
      const queue = await queueOf(target, fifo);
      const first = await queue.send('once', { MessageGroupId: 'a', MessageDeduplicationId: 'id' });
      const [message] = await queue.receive();
      await queue.delete(message?.ReceiptHandle);

      const second = await queue.send('twice', { MessageGroupId: 'b', MessageDeduplicationId: 'id' });

      expect(second.MessageId).toBe(first.MessageId);
      expect(await queue.receive()).toEqual([]);
    },
  );

  check(
    'recorded on AWS, 05-10-2025',
    'a FIFO message cannot be deleted once its visibility timeout is over',
    async (target) => {
      const queue = await queueOf(target, { ...fifo, VisibilityTimeout: '1' });
      await queue.send('late', { MessageGroupId: 'group', MessageDeduplicationId: 'id' });
      const [message] = await queue.receive();
      await target.pass(1_100);

      await expect(queue.delete(message?.ReceiptHandle)).rejects.toMatchObject({
        message: expect.stringContaining('The receipt handle has expired.'),
      });
    },
  );

  check(
    'recorded on AWS, 30-04-2024',
    'a FIFO queue takes no delay of a single message, and needs a group and an id',
    async (target) => {
      const queue = await queueOf(target, fifo);
      const ids = { MessageGroupId: 'group', MessageDeduplicationId: 'id' };

      await expect(queue.send('a', { ...ids, DelaySeconds: 2 })).rejects.toMatchObject({
        name: 'InvalidParameterValue',
      });
      await expect(queue.send('a', { MessageGroupId: 'group' })).rejects.toMatchObject({
        name: 'InvalidParameterValue',
      });
      await expect(queue.send('a', { MessageDeduplicationId: 'id' })).rejects.toMatchObject({
        name: 'MissingParameter',
      });
    },
  );
});
