import {
  AddPermissionCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  RemovePermissionCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { conformance } from './checks.ts';
import { fifo, queueOf, text } from './sqs-queue.ts';

conformance('SQS', (check) => {
  check(
    'SQS API, "SendMessageBatch"',
    'a batch has one to ten entries with distinct ids of their own alphabet',
    async (target) => {
      const { QueueUrl } = await queueOf(target);
      const send = (ids: readonly string[]) =>
        target.sqs.send(
          new SendMessageBatchCommand({ QueueUrl, Entries: ids.map((Id) => ({ Id, MessageBody: 'body' })) }),
        );

      await expect(send([])).rejects.toMatchObject({ name: 'EmptyBatchRequest' });
      await expect(send([...'abcdefghijk'])).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
      await expect(send(['a', 'a'])).rejects.toMatchObject({ name: 'BatchEntryIdsNotDistinct' });
      await expect(send(['not:valid'])).rejects.toMatchObject({ name: 'InvalidBatchEntryId' });
    },
  );

  check(
    'SQS API, "DeleteMessageBatch"',
    'of a batch only the entry that fails is reported as failed',
    async (target) => {
      const queue = await queueOf(target);
      await queue.send('one');
      const [message] = await queue.receive();

      const { Successful, Failed } = await target.sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl: queue.QueueUrl,
          Entries: [
            { Id: 'good', ReceiptHandle: message?.ReceiptHandle },
            { Id: 'bad', ReceiptHandle: 'not-a-handle' },
          ],
        }),
      );

      expect(Successful).toEqual([{ Id: 'good' }]);
      expect(Failed).toMatchObject([{ Id: 'bad', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
    },
  );

  check(
    'SQS Developer Guide, "Amazon SQS message quotas"; recorded on AWS, 19-08-2025',
    'a message is at most 1 MiB, its attributes included',
    async (target) => {
      const queue = await queueOf(target);
      const MessageAttributes = { k: text('x') };
      const most = 1_048_576 - 'kStringx'.length;

      await expect(queue.send('a'.repeat(most + 1), { MessageAttributes })).rejects.toMatchObject({
        name: 'InvalidParameterValue',
      });
      await expect(queue.send('a'.repeat(most), { MessageAttributes })).resolves.toMatchObject({
        MessageId: expect.any(String),
      });
    },
  );

  check('SQS API, "SendMessage"', 'a body with a forbidden character is refused', async (target) => {
    const queue = await queueOf(target);

    await expect(queue.send('bell \u0007')).rejects.toMatchObject({ name: 'InvalidMessageContents' });
  });

  check(
    'SQS API, "ReceiveMessage", MessageAttributeNames; recorded on AWS, 30-04-2024',
    'message attributes are asked for by name, by prefix, or all by *, .* and All',
    async (target) => {
      const queue = await queueOf(target, { VisibilityTimeout: '0' });
      await queue.send('body', {
        MessageAttributes: { 'Help.Me': text('Me'), Hello: text('There'), Other: text('-') },
      });
      const named = async (...MessageAttributeNames: string[]) => {
        const [message] = await queue.receive({ MessageAttributeNames });
        return Object.keys(message?.MessageAttributes ?? {}).sort();
      };

      expect(await named('Other', 'Missing')).toEqual(['Other']);
      expect(await named('Hel.*')).toEqual(['Hello', 'Help.Me']);
      for (const all of ['*', '.*', 'All']) expect(await named(all)).toEqual(['Hello', 'Help.Me', 'Other']);
      expect(await named()).toEqual([]);
    },
  );

  check(
    'recorded on AWS, 27-06-2025',
    'the trace of a request becomes the AWSTraceHeader of its message',
    async (target) => {
      const queue = await queueOf(target);
      const header = 'Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1';
      const traced = new SendMessageCommand({ QueueUrl: queue.QueueUrl, MessageBody: 'traced' });
      traced.middlewareStack.add(
        (next) => (args) => {
          Object.assign(Object(args.request).headers, { 'X-Amzn-Trace-Id': header });
          return next(args);
        },
        { step: 'build' },
      );

      await target.sqs.send(traced);

      const [message] = await queue.receive({ MessageSystemAttributeNames: ['AWSTraceHeader'] });
      expect(message?.Attributes).toEqual({ AWSTraceHeader: header });
    },
  );

  check(
    'recorded on AWS, 30-04-2024',
    'a permission is a statement of the policy, under a label that is there once',
    async (target) => {
      const queue = await queueOf(target);
      const { QueueUrl } = queue;
      const account = (await queue.attribute('QueueArn'))?.split(':')[4] ?? '';
      const add = (Label: string) =>
        target.sqs.send(
          new AddPermissionCommand({
            QueueUrl,
            Label,
            AWSAccountIds: [account],
            Actions: ['ReceiveMessage'],
          }),
        );
      const remove = (Label: string) => target.sqs.send(new RemovePermissionCommand({ QueueUrl, Label }));

      await add('first');
      await expect(add('first')).rejects.toMatchObject({
        message: 'Value first for parameter Label is invalid. Reason: Already exists.',
      });
      const policy = JSON.parse((await queue.attribute('Policy')) ?? '{}');
      await remove('first');

      expect(policy.Statement).toMatchObject([
        {
          Sid: 'first',
          Effect: 'Allow',
          Action: 'SQS:ReceiveMessage',
          Principal: { AWS: expect.any(String) },
        },
      ]);
      expect(await queue.attribute('Policy')).toBeUndefined();
      await expect(remove('first')).rejects.toMatchObject({
        message: "Value first for parameter Label is invalid. Reason: can't find label.",
      });
    },
  );

  check(
    'SQS API, "CreateQueue"',
    'a queue is created again with the same attributes, and refused with others',
    async (target) => {
      const { sqs } = target;
      const queue = await queueOf(target, { DelaySeconds: '1' });
      const QueueName = queue.QueueUrl?.split('/').at(-1);

      await expect(sqs.send(new CreateQueueCommand({ QueueName }))).resolves.toMatchObject({
        QueueUrl: queue.QueueUrl,
      });
      await expect(
        sqs.send(new CreateQueueCommand({ QueueName, Attributes: { DelaySeconds: '2' } })),
      ).rejects.toMatchObject({ name: 'QueueNameExists' });
    },
  );

  check(
    'SQS API, "SetQueueAttributes"; recorded on AWS, 14-05-2024',
    'a standard queue cannot become a FIFO queue',
    async (target) => {
      const { QueueUrl } = await queueOf(target);

      const changing = target.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: fifo }));

      await expect(changing).rejects.toMatchObject({
        name: 'InvalidAttributeName',
        message: 'Unknown Attribute FifoQueue.',
      });
    },
  );

  check('SQS API, "PurgeQueue"', 'a queue is purged once in sixty seconds', async (target) => {
    const { QueueUrl } = await queueOf(target);
    await target.sqs.send(new PurgeQueueCommand({ QueueUrl }));

    await expect(target.sqs.send(new PurgeQueueCommand({ QueueUrl }))).rejects.toMatchObject({
      name: 'PurgeQueueInProgress',
    });
  });

  check('SQS API, "TagQueue"', 'tags are added, replaced and taken away', async (target) => {
    const { QueueUrl } = await queueOf(target);
    const { sqs } = target;
    await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { team: 'images', stage: 'test' } }));
    await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { team: 'streams' } }));
    await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['stage'] }));

    expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ team: 'streams' });
  });

  check(
    'SQS API, common errors; recorded on AWS, 30-04-2024',
    'a queue that does not exist is QueueDoesNotExist',
    async (target) => {
      const { QueueUrl } = await queueOf(target);

      const asked = target.sqs.send(new ReceiveMessageCommand({ QueueUrl: `${QueueUrl}-gone` }));

      await expect(asked).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
    },
  );
});
