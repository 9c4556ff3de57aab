import { ChangeMessageVisibilityCommand, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { conformance } from './checks.ts';
import { bodies, queueOf } from './sqs-queue.ts';
import { until } from './target.ts';

conformance('SQS', (check) => {
  check(
    'SQS Developer Guide, "Amazon SQS visibility timeout"',
    'a message that is not deleted in time comes again, with a higher receive count',
    async (target) => {
      const queue = await queueOf(target, { VisibilityTimeout: '2' });
      await queue.send('again');
      await queue.receive();

      await target.pass(2_100);
      const [message] = await queue.receive({ MessageSystemAttributeNames: ['ApproximateReceiveCount'] });

      expect(message).toMatchObject({ Body: 'again', Attributes: { ApproximateReceiveCount: '2' } });
    },
  );

  check(
    'SQS API, "ChangeMessageVisibility"',
    'a visibility timeout of 0 makes a message visible at once',
    async (target) => {
      const queue = await queueOf(target);
      await queue.send('back');
      const [message] = await queue.receive();

      await target.sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queue.QueueUrl,
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout: 0,
        }),
      );

      expect(bodies(await queue.receive())).toEqual(['back']);
    },
  );

  check(
    'SQS API, "SendMessage", DelaySeconds',
    'a delayed message is hidden for its delay',
    async (target) => {
      const queue = await queueOf(target);
      await queue.send('later', { DelaySeconds: 3 });

      const early = await queue.receive({ WaitTimeSeconds: 0 });
      await target.pass(3_100);

      expect(early).toEqual([]);
      expect(bodies(await queue.receive({ WaitTimeSeconds: 3 }))).toEqual(['later']);
    },
  );

  check(
    'SQS Developer Guide, "Using dead-letter queues"',
    'after maxReceiveCount receives a message is in the dead-letter queue, with its id and where it came from',
    async (target) => {
      const deadLetters = await queueOf(target);
      const deadLetterTargetArn = await deadLetters.attribute('QueueArn');
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 });
      const queue = await queueOf(target, { RedrivePolicy, VisibilityTimeout: '0' });
      const { MessageId } = await queue.send('poison');
      await queue.receive();
      await queue.receive();

      const [dead] = await deadLetters.receive({
        MessageSystemAttributeNames: ['DeadLetterQueueSourceArn'],
        WaitTimeSeconds: 5,
      });

      const DeadLetterQueueSourceArn = await queue.attribute('QueueArn');
      expect(dead).toMatchObject({ MessageId, Body: 'poison', Attributes: { DeadLetterQueueSourceArn } });
    },
  );

  check(
    'SQS API, "StartMessageMoveTask"',
    'a move task takes dead letters back to the queue that they came from',
    async (target) => {
      const deadLetters = await queueOf(target);
      const SourceArn = await deadLetters.attribute('QueueArn');
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: SourceArn, maxReceiveCount: 1 });
      const queue = await queueOf(target, { RedrivePolicy });
      await queue.send('poison');
      await queue.receive({ VisibilityTimeout: 0 });
      await queue.receive({ VisibilityTimeout: 0 });

      await target.sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));

      const back = await until(
        () => queue.receive(),
        (messages) => messages.length > 0,
      );
      expect(bodies(back)).toEqual(['poison']);
    },
  );

  check(
    'SQS API, "StartMessageMoveTask"; recorded on AWS, 30-04-2024',
    'only a dead-letter queue can be the source of a move task',
    async (target) => {
      const queue = await queueOf(target);
      const SourceArn = await queue.attribute('QueueArn');

      const started = target.sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));

      await expect(started).rejects.toMatchObject({
        name: 'InvalidParameterValue',
        message: 'Source queue must be configured as a Dead Letter Queue.',
      });
    },
  );
});
