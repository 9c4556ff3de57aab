import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { conformance } from './checks.ts';
import { bodies, fifo, queueOf } from './sqs-queue.ts';

conformance('SQS', (check, checkWithTime) => {
  check(
    'SQS Developer Guide, "How Amazon SQS fair queues work"',
    'messages of a quiet tenant go past the backlog of a noisy neighbour',
    async (target) => {
      const queue = await queueOf(target);
      const loud = { MessageGroupId: 'loud' };
      for (let n = 0; n < 100; n += 1) await queue.send(`loud ${n}`, loud);
      for (let n = 0; n < 6; n += 1) await queue.receive();
      await queue.send('quiet', { MessageGroupId: 'quiet' });

      const next = [...(await queue.receive()), ...(await queue.receive())];

      expect(bodies(next)).toContain('quiet');
    },
  );

  check(
    'SQS API, "ReceiveMessage", ReceiveRequestAttemptId',
    'a receive that is repeated with its attempt id gives the same messages',
    async (target) => {
      const queue = await queueOf(target, { ...fifo, ContentBasedDeduplication: 'true' });
      for (const body of ['1', '2']) await queue.send(body, { MessageGroupId: 'group' });
      const attempt = { MaxNumberOfMessages: 1, ReceiveRequestAttemptId: target.name() };

      const first = await queue.receive(attempt);
      const again = await queue.receive(attempt);
      const other = await queue.receive({ ...attempt, ReceiveRequestAttemptId: target.name() });

      expect(bodies(first)).toEqual(['1']);
      expect(again.map(({ MessageId }) => MessageId)).toEqual(first.map(({ MessageId }) => MessageId));
      expect(other).toEqual([]);
    },
  );

  checkWithTime(
    'SQS API, "SetQueueAttributes", MessageRetentionPeriod',
    'a message is kept for as long as the queue says',
    async (target) => {
      const queue = await queueOf(target, { MessageRetentionPeriod: '60' });
      await queue.send('kept');
      await target.pass(59_000);
      const [kept] = await queue.receive({ VisibilityTimeout: 0 });
      await target.pass(2_000);

      expect(kept?.Body).toBe('kept');
      expect(await queue.receive({ WaitTimeSeconds: 0 })).toEqual([]);
    },
  );

  check(
    'SQS API, "SetQueueAttributes", Policy',
    'what is no policy of a queue is refused, and the queue works on',
    async (target) => {
      const queue = await queueOf(target);
      const set = (document: object) =>
        target.sqs.send(
          new SetQueueAttributesCommand({
            QueueUrl: queue.QueueUrl,
            Attributes: { Policy: JSON.stringify(document) },
          }),
        );
      const statement = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' };

      for (const document of [{ a: 1 }, { Version: '2012-10-17', Statement: [statement] }])
        await expect(set(document)).rejects.toMatchObject({ name: 'InvalidAttributeValue' });

      await queue.send('works');
      expect(bodies(await queue.receive())).toEqual(['works']);
    },
  );
});
