import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { AwsError } from '../../../../local/errors.ts';
import { freshSqs, refusal } from './fresh-sqs.ts';
import { arnOf, startSqs } from './sqs-server.ts';

const sqs = freshSqs();

test('a message is sent, received with all its attributes and deleted; the SDK checks every MD5', async () => {
  const QueueUrl = await sqs.createQueue();
  const sent = await sqs.client.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: 'grüße ✓',
      MessageAttributes: {
        city: { DataType: 'String', StringValue: 'Zürich' },
        bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255) },
        count: { DataType: 'Number.int', StringValue: '-12.5e3' },
      },
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-5759e988' } },
    }),
  );

  const { Messages = [] } = await sqs.client.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
      MaxNumberOfMessages: 10,
    }),
  );
  const [message] = Messages;
  await sqs.client.send(
    new DeleteMessageBatchCommand({
      QueueUrl,
      Entries: [{ Id: 'a', ReceiptHandle: message?.ReceiptHandle }],
    }),
  );

  expect(Messages).toHaveLength(1);
  expect(message).toMatchObject({
    Body: 'grüße ✓',
    MessageId: sent.MessageId,
    MD5OfBody: sent.MD5OfMessageBody,
    MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
    MessageAttributes: { bytes: { BinaryValue: Uint8Array.of(0, 255) } },
    Attributes: {
      ApproximateReceiveCount: '1',
      AWSTraceHeader: 'Root=1-5759e988',
      SentTimestamp: String(sqs.clock.now()),
      ApproximateFirstReceiveTimestamp: String(sqs.clock.now()),
    },
  });
  expect(await sqs.attributesOf(QueueUrl, 'ApproximateNumberOfMessagesNotVisible')).toEqual({
    ApproximateNumberOfMessagesNotVisible: '0',
  });
});

// recorded on AWS, 30-04-2024: this digest for this binary attribute
test('the MD5 of attributes is that of AWS', async () => {
  const QueueUrl = await sqs.createQueue();
  const value = 'traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01';

  const sent = await sqs.client.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: 'test',
      MessageAttributes: { attr1: { DataType: 'Binary', BinaryValue: Buffer.from(value) } },
    }),
  );

  expect(sent.MD5OfMessageAttributes).toBe('8cbe4db156db8a94db8b801b7addb984');
});

// recorded on AWS, 30-04-2024
test.each([
  { asked: [], given: undefined },
  { asked: ['All'], given: ['General', 'Hello', 'Help.Me'] },
  { asked: ['.*'], given: ['General', 'Hello', 'Help.Me'] },
  { asked: ['Help.*'], given: ['Help.Me'] },
  { asked: ['Hello', 'Nothing'], given: ['Hello'] },
])('a receive that asks for $asked gets the attributes $given', async ({ asked, given }) => {
  const QueueUrl = await sqs.createQueue();
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  const MessageAttributes = { 'Help.Me': text('Me'), Hello: text('There'), General: text('Kenobi') };
  await sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'msg', MessageAttributes }));

  const { Messages = [] } = await sqs.client.send(
    new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: asked }),
  );

  const names = Messages[0]?.MessageAttributes && Object.keys(Messages[0].MessageAttributes).sort();
  expect(names).toEqual(given);
});

describe('receiving', () => {
  // recorded on AWS, 30-04-2024 and 10-02-2025
  test.each([
    [
      { MaxNumberOfMessages: 11 },
      'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ],
    [
      { WaitTimeSeconds: 21 },
      'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
    ],
    [
      { WaitTimeSeconds: -1 },
      'Value -1 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
    ],
  ])('%j is refused', async (input, message) => {
    const QueueUrl = await sqs.createQueue();

    expect(await refusal(sqs.client.send(new ReceiveMessageCommand({ QueueUrl, ...input })))).toEqual({
      code: 'InvalidParameterValue',
      message,
      status: 400,
    });
  });

  test('a client that hangs up while it waits takes no message with it', async () => {
    const QueueUrl = await sqs.createQueue();
    const hangUp = new AbortController();
    const waiting = sqs.client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: hangUp.signal,
    });
    await sqs.attributesOf(QueueUrl, 'All');
    hangUp.abort();
    await expect(waiting).rejects.toThrow();
    await sqs.attributesOf(QueueUrl, 'All');

    await sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'for another' }));

    expect(await sqs.attributesOf(QueueUrl, 'ApproximateNumberOfMessages')).toEqual({
      ApproximateNumberOfMessages: '1',
    });
  });

  test('an invalid receipt handle is named', async () => {
    const QueueUrl = await sqs.createQueue();
    const change = { QueueUrl, ReceiptHandle: 'garbage', VisibilityTimeout: 60 };

    expect(await refusal(sqs.client.send(new ChangeMessageVisibilityCommand(change)))).toMatchObject({
      code: 'ReceiptHandleIsInvalid',
      message: 'The input receipt handle "garbage" is not a valid receipt handle.',
    });
  });
});

test('a caller without permission is refused before the queue is looked for', async () => {
  const authorize = (_caller: unknown, action: string, arn: string) => {
    throw new AwsError('AccessDenied', `not authorized to perform: ${action} on resource: ${arn}`, 403);
  };
  const strict = await startSqs({ iam: { authorize } });
  const QueueUrl = `${strict.endpoint}/000000000000/none`;
  const Entries = [{ Id: '1', MessageBody: 'x' }];

  const refused = await refusal(strict.client.send(new SendMessageBatchCommand({ QueueUrl, Entries })));
  await strict.close();

  expect(refused).toEqual({
    code: 'AccessDenied',
    message: `not authorized to perform: sqs:SendMessage on resource: ${arnOf('none')}`,
    status: 403,
  });
});
