import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { freshSqs, refusal } from './fresh-sqs.ts';

const sqs = freshSqs();

describe('batches', () => {
  const sendBatch = async (QueueUrl: string, Entries: readonly { Id: string; MessageBody: string }[]) =>
    sqs.client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [...Entries] }));
  const entries = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ Id: String(index), MessageBody: String(index) }));

  test('one bad entry does not keep the others from success', async () => {
    const QueueUrl = await sqs.createQueue();

    const { Successful, Failed } = await sendBatch(QueueUrl, [
      ...entries(9),
      { Id: 'bad', MessageBody: '\u0001' },
    ]);

    expect(Successful).toHaveLength(9);
    expect(Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidMessageContents', SenderFault: true }]);
  });

  // recorded on AWS, 30-04-2024
  test('an entry over the maximum size of the queue fails alone', async () => {
    const QueueUrl = await sqs.createQueue('jobs', { MaximumMessageSize: '1024' });

    const { Failed } = await sendBatch(QueueUrl, [
      { Id: 'large', MessageBody: 'x'.repeat(1025) },
      { Id: 'small', MessageBody: 'x' },
    ]);

    expect(Failed).toEqual([
      {
        Id: 'large',
        Code: 'InvalidParameterValue',
        Message:
          'One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.',
        SenderFault: true,
      },
    ]);
  });

  // recorded on AWS, 30-04-2024 and 19-08-2025
  test.each([
    [
      '11 entries',
      entries(11),
      'TooManyEntriesInBatchRequest',
      'Maximum number of entries per request are 10. You have sent 11.',
    ],
    [
      'an invalid id',
      [{ Id: 'a:b', MessageBody: 'x' }],
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    ],
    [
      'more than 1 MiB together',
      [
        { Id: '1', MessageBody: 'x'.repeat(1_048_576) },
        { Id: '2', MessageBody: 'x' },
      ],
      'BatchRequestTooLong',
      'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
    ],
  ])('refused as a whole: %s', async (_what, batch, code, message) => {
    const QueueUrl = await sqs.createQueue();

    expect(await refusal(sendBatch(QueueUrl, batch))).toEqual({
      code: `AWS.SimpleQueueService.${code}`,
      message,
      status: 400,
    });
  });

  test.each([
    ['no entry', [], 'EmptyBatchRequest'],
    [
      'an id twice',
      [
        { Id: 'a', MessageBody: '1' },
        { Id: 'a', MessageBody: '2' },
      ],
      'BatchEntryIdsNotDistinct',
    ],
  ])('refused as a whole: %s', async (_what, batch, code) => {
    const QueueUrl = await sqs.createQueue();

    expect(await refusal(sendBatch(QueueUrl, batch))).toMatchObject({
      code: `AWS.SimpleQueueService.${code}`,
    });
  });

  // recorded on AWS, 30-04-2024
  test('a FIFO queue refuses the batch when one entry has no group', async () => {
    const QueueUrl = await sqs.createFifoQueue();

    expect(await refusal(sendBatch(QueueUrl, entries(2)))).toMatchObject({
      code: 'InvalidParameterValue',
      message: 'The request must contain the parameter MessageGroupId.',
    });
  });
});
