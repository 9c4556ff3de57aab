import {
  ListDeadLetterSourceQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { freshSqs, refusal } from './fresh-sqs.ts';
import { arnOf } from './sqs-server.ts';

const sqs = freshSqs();

describe('redrive policy', () => {
  const redrive = (policy: object) => ({ RedrivePolicy: JSON.stringify(policy) });

  // recorded on AWS, 30-04-2024
  test('a dead letter keeps its id, time and attributes, and names its source', async () => {
    await sqs.createQueue('dead');
    const policy = redrive({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 1 });
    const QueueUrl = await sqs.createQueue('jobs', { ...policy, VisibilityTimeout: '0' });
    const MessageAttributes = { MyAttribute: { DataType: 'String', StringValue: 'foobar' } };
    const sent = await sqs.client.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'poison', MessageAttributes }),
    );
    const sentAt = sqs.clock.now();
    sqs.clock.advance(1_000);
    const everything = { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All' as const] };
    await sqs.client.send(new ReceiveMessageCommand({ QueueUrl, ...everything }));

    const second = await sqs.client.send(new ReceiveMessageCommand({ QueueUrl, ...everything }));
    const dead = await sqs.client.send(
      new ReceiveMessageCommand({ QueueUrl: QueueUrl.replace('jobs', 'dead'), ...everything }),
    );

    expect(second.Messages).toBeUndefined();
    expect(dead.Messages).toMatchObject([
      {
        MessageId: sent.MessageId,
        MessageAttributes,
        Attributes: {
          ApproximateReceiveCount: '2',
          DeadLetterQueueSourceArn: arnOf('jobs'),
          SentTimestamp: String(sentAt),
        },
      },
    ]);
  });

  test.each([
    { deadLetterTargetArn: arnOf('dead') },
    { maxReceiveCount: 3 },
    { deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 'invalid' },
    { deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 1001 },
    { deadLetterTargetArn: 'dummy', maxReceiveCount: 3 },
    { deadLetterTargetArn: arnOf('missing'), maxReceiveCount: 3 },
    { deadLetterTargetArn: arnOf('edits.fifo'), maxReceiveCount: 3 },
    { deadLetterTargetArn: arnOf('closed'), maxReceiveCount: 3 },
  ])('refused: %j', async (policy) => {
    await sqs.createQueue('dead');
    await sqs.createFifoQueue();
    await sqs.createQueue('closed', { RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'denyAll' }) });

    expect(await refusal(sqs.createQueue('jobs', redrive(policy)))).toMatchObject({
      code: 'InvalidParameterValue',
    });
  });

  test.each([
    { redrivePermission: 'byQueue' },
    { redrivePermission: 'byQueue', sourceQueueArns: Array.from({ length: 11 }, () => arnOf('jobs')) },
    { redrivePermission: 'denyAll', sourceQueueArns: [arnOf('jobs')] },
    { redrivePermission: 'some' },
  ])('who may redrive is refused: %j', async (policy) => {
    const created = sqs.createQueue('dead', { RedriveAllowPolicy: JSON.stringify(policy) });

    expect(await refusal(created)).toMatchObject({ code: 'InvalidParameterValue' });
  });

  test('the sources of a dead-letter queue are listed; an empty policy ends it', async () => {
    const dead = await sqs.createQueue('dead');
    const policy = redrive({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: '3' });
    const QueueUrl = await sqs.createQueue('jobs', policy);
    const sources = async () =>
      (await sqs.client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }))).queueUrls;

    const before = await sources();
    const Attributes = { RedrivePolicy: '' };
    await sqs.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));

    expect(before).toEqual([QueueUrl]);
    expect(await sources()).toEqual([]);
  });
});
