import { ReceiveMessageCommand, SendMessageCommand, type SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { freshSqs, refusal } from './fresh-sqs.ts';

const sqs = freshSqs();

describe('what SendMessage refuses', () => {
  const sendTo = (QueueUrl: string, input: Partial<SendMessageCommandInput>) =>
    refusal(sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'body', ...input })));

  // recorded on AWS, 19-08-2025, 22-09-2025, 30-07-2025, 30-04-2024
  test.each<[string, Partial<SendMessageCommandInput>, { code: string; message: string }]>([
    [
      'a body over 1 MiB',
      { MessageBody: 'x'.repeat(1_048_577) },
      {
        code: 'InvalidParameterValue',
        message: 'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
      },
    ],
    [
      'an empty body',
      { MessageBody: '' },
      { code: 'MissingParameter', message: 'The request must contain the parameter MessageBody.' },
    ],
    [
      'a group id with a space',
      { MessageGroupId: 'group 123' },
      {
        code: 'InvalidParameterValue',
        message:
          'Value group 123 for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
      },
    ],
    [
      'an attribute without a value',
      { MessageAttributes: { ErrorDetails: { DataType: 'String', StringValue: '' } } },
      {
        code: 'InvalidParameterValue',
        message: "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
      },
    ],
  ])('%s', async (_what, input, expected) => {
    expect(await sendTo(await sqs.createQueue(), input)).toEqual({ ...expected, status: 400 });
  });

  test.each(['\u0000', '\u0008', '\u0013', '\uFFFF'])('the character %j in a body', async (character) => {
    expect(await sendTo(await sqs.createQueue(), { MessageBody: `a${character}` })).toMatchObject({
      code: 'InvalidMessageContents',
    });
  });

  test.each(['aWs.x', 'AMAZON.x', '.x', 'x.', 'x..y', 'a!', 'a"', 'a(', 'L'.repeat(257)])(
    'the attribute name %s',
    async (name) => {
      const MessageAttributes = { [name]: { DataType: 'String', StringValue: 'Valid' } };

      expect(await sendTo(await sqs.createQueue(), { MessageAttributes })).toMatchObject({
        code: 'InvalidParameterValue',
      });
    },
  );

  test('a delay over 15 minutes', async () => {
    expect(await sendTo(await sqs.createQueue(), { DelaySeconds: 901 })).toMatchObject({
      code: 'InvalidParameterValue',
    });
  });

  // recorded on AWS, 30-04-2024
  test('a FIFO queue: a delay of its own, no group, no deduplication id', async () => {
    const QueueUrl = await sqs.createFifoQueue();
    const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };

    expect(await sendTo(QueueUrl, { ...ids, DelaySeconds: 2 })).toMatchObject({
      message:
        'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
    });
    expect(await sendTo(QueueUrl, {})).toMatchObject({
      code: 'MissingParameter',
      message: 'The request must contain the parameter MessageGroupId.',
    });
    expect(await sendTo(QueueUrl, { MessageGroupId: 'g' })).toMatchObject({
      code: 'InvalidParameterValue',
      message:
        'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    });
  });

  // recorded on AWS, 18-08-2025
  test('but not a group id on a standard queue', async () => {
    const QueueUrl = await sqs.createQueue();
    await sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a', MessageGroupId: 'tenant' }));

    const { Messages } = await sqs.client.send(
      new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['MessageGroupId'] }),
    );

    expect(Messages?.[0]?.Attributes).toEqual({ MessageGroupId: 'tenant' });
  });
});
