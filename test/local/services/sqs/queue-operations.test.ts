import {
  AddPermissionCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  type MessageSystemAttributeName,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { type Attributes, freshSqs, refusal } from './fresh-sqs.ts';
import { arnOf } from './sqs-server.ts';

const sqs = freshSqs();

const openToAll = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' };
const earlier = { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } };

describe('queues', () => {
  // recorded on AWS, 19-08-2025 and 10-12-2025
  test('a new queue has the defaults of AWS', async () => {
    const seconds = String(sqs.clock.now() / 1000);

    expect(await sqs.attributesOf(await sqs.createQueue(), 'All')).toEqual({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      CreatedTimestamp: seconds,
      DelaySeconds: '0',
      LastModifiedTimestamp: seconds,
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      QueueArn: arnOf('jobs'),
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
      VisibilityTimeout: '30',
    });
  });

  // recorded on AWS, 19-08-2025
  test('a new FIFO queue has those of a FIFO queue', async () => {
    expect(await sqs.attributesOf(await sqs.createFifoQueue(), 'All')).toMatchObject({
      ContentBasedDeduplication: 'false',
      DeduplicationScope: 'queue',
      FifoQueue: 'true',
      FifoThroughputLimit: 'perQueue',
    });
  });

  // recorded on AWS, 10-12-2025
  test('a KMS key ends the managed encryption, and its end does not bring that back', async () => {
    const QueueUrl = await sqs.createQueue();
    const set = (Attributes: Attributes) =>
      sqs.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));

    await set({ KmsMasterKeyId: 'testKeyId', KmsDataKeyReusePeriodSeconds: '6000' });
    const encrypted = await sqs.attributesOf(QueueUrl, 'All');
    await set({ KmsMasterKeyId: '', KmsDataKeyReusePeriodSeconds: '300' });
    const after = await sqs.attributesOf(QueueUrl, 'All');

    expect(encrypted).toMatchObject({
      KmsMasterKeyId: 'testKeyId',
      KmsDataKeyReusePeriodSeconds: '6000',
      SqsManagedSseEnabled: 'false',
    });
    expect(after).toMatchObject({ SqsManagedSseEnabled: 'false' });
    expect(after).not.toHaveProperty('KmsMasterKeyId');
    expect(after).not.toHaveProperty('KmsDataKeyReusePeriodSeconds');
  });

  test('creating a queue again with the same attributes answers the same queue', async () => {
    const QueueUrl = await sqs.createQueue('jobs', { VisibilityTimeout: '60' });

    expect(await sqs.createQueue('jobs', { VisibilityTimeout: '60' })).toBe(QueueUrl);
    expect(await sqs.createQueue('jobs')).toBe(QueueUrl);
  });

  // recorded on AWS, 30-04-2024
  test('creating a queue again with another attribute is refused', async () => {
    await sqs.createQueue('jobs', { DelaySeconds: '1' });

    expect(await refusal(sqs.createQueue('jobs', { DelaySeconds: '2' }))).toEqual({
      code: 'QueueAlreadyExists',
      message: 'A queue already exists with the same name and a different value for attribute DelaySeconds',
      status: 400,
    });
  });

  // recorded on AWS, 14-05-2024 and 15-05-2024
  test.each([
    { FifoQueue: 'false', message: 'Unknown Attribute FifoQueue.' },
    { ContentBasedDeduplication: 'false', message: 'Unknown Attribute ContentBasedDeduplication.' },
    {
      DeduplicationScope: 'queue',
      message: 'You can specify the DeduplicationScope only when FifoQueue is set to true.',
    },
    {
      FifoThroughputLimit: 'perQueue',
      message: 'You can specify the FifoThroughputLimit only when FifoQueue is set to true.',
    },
  ])('a standard queue takes no attribute of FIFO queues: $message', async ({ message, ...attributes }) => {
    expect(await refusal(sqs.createQueue('jobs', attributes))).toEqual({
      code: 'InvalidAttributeName',
      message,
      status: 400,
    });
  });

  test.each([
    { VisibilityTimeout: '43201' },
    { DelaySeconds: '901' },
    { MessageRetentionPeriod: '59' },
    { MaximumMessageSize: '1048577' },
    { ReceiveMessageWaitTimeSeconds: '21' },
    { Policy: '{' },
  ])('an attribute out of range is refused: %j', async (attributes) => {
    expect(await refusal(sqs.createQueue('jobs', attributes))).toMatchObject({
      code: 'InvalidAttributeValue',
    });
  });

  test.each([
    ['no statement', { a: 1 }],
    ['an unknown effect', { Statement: { ...openToAll, Effect: 'Maybe' } }],
    ['nobody to speak to', { Statement: { ...openToAll, Principal: undefined } }],
    ['an action of another service', { Statement: { ...openToAll, Action: 's3:GetObject' } }],
    ['an operator that is not known here', { Statement: { ...openToAll, Condition: earlier } }],
  ])('a policy with %s is refused, and nothing of it is kept', async (_, document) => {
    const QueueUrl = await sqs.createQueue();

    const refused = await refusal(
      sqs.client.send(
        new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: JSON.stringify(document) } }),
      ),
    );

    expect(refused).toMatchObject({ code: 'InvalidAttributeValue', status: 400 });
    expect(await sqs.attributesOf(QueueUrl, 'Policy')).toBeUndefined();
  });

  test('a limit by group needs deduplication by group', async () => {
    const FifoQueue = 'true';
    const FifoThroughputLimit = 'perMessageGroupId';
    const DeduplicationScope = 'messageGroup';

    const refused = await refusal(sqs.createQueue('a.fifo', { FifoQueue, FifoThroughputLimit }));
    const QueueUrl = await sqs.createQueue('b.fifo', { FifoQueue, FifoThroughputLimit, DeduplicationScope });

    expect(refused).toMatchObject({ code: 'InvalidAttributeValue' });
    expect(await sqs.attributesOf(QueueUrl, 'FifoThroughputLimit')).toEqual({ FifoThroughputLimit });
  });

  test('a permission has a label of letters and digits, and at most seven actions', async () => {
    const QueueUrl = await sqs.createQueue();
    const add = (Label: string, actions: number) =>
      sqs.client.send(
        new AddPermissionCommand({
          QueueUrl,
          Label,
          AWSAccountIds: ['000000000000'],
          Actions: Array.from({ length: actions }, () => 'SendMessage'),
        }),
      );

    expect(await refusal(add('two words', 1))).toMatchObject({ code: 'InvalidParameterValue' });
    expect(await refusal(add('many', 8))).toMatchObject({ code: 'OverLimit' });
    expect(await sqs.attributesOf(QueueUrl, 'Policy')).toBeUndefined();
  });

  test('a receive asks for attributes that there are', async () => {
    const QueueUrl = await sqs.createQueue();
    const receive = (...names: string[]) =>
      sqs.client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MessageSystemAttributeNames: names as MessageSystemAttributeName[],
        }),
      );

    await receive('All', 'SenderId', 'AWSTraceHeader');
    expect(await refusal(receive('Nope'))).toMatchObject({
      code: 'InvalidAttributeName',
      message: 'Unknown Attribute Nope.',
    });
  });

  test.each(['two words', 'x'.repeat(129)])('the receive attempt id %j is refused', async (id) => {
    const QueueUrl = await sqs.createFifoQueue();

    const received = sqs.client.send(new ReceiveMessageCommand({ QueueUrl, ReceiveRequestAttemptId: id }));

    expect(await refusal(received)).toMatchObject({ code: 'InvalidParameterValue' });
  });

  test.each([
    { name: 'with/slash', attributes: {} },
    { name: 'jobs.fifo', attributes: {} },
    { name: 'jobs', attributes: { FifoQueue: 'true' } },
    { name: 'x'.repeat(81), attributes: {} },
  ])('the name $name is refused', async ({ name, attributes }) => {
    expect(await refusal(sqs.createQueue(name, attributes))).toMatchObject({ code: 'InvalidParameterValue' });
  });

  test('a deleted queue is gone, and its name free after 60 seconds', async () => {
    const QueueUrl = await sqs.createQueue();
    await sqs.client.send(new DeleteQueueCommand({ QueueUrl }));

    const gone = await refusal(sqs.client.send(new GetQueueUrlCommand({ QueueName: 'jobs' })));
    const early = await refusal(sqs.createQueue());
    sqs.clock.advance(60_000);

    // recorded on AWS, 30-04-2024
    expect(gone).toEqual({
      code: 'AWS.SimpleQueueService.NonExistentQueue',
      message: 'The specified queue does not exist.',
      status: 400,
    });
    expect(early).toMatchObject({ code: 'AWS.SimpleQueueService.QueueDeletedRecently' });
    expect(await sqs.createQueue()).toBe(QueueUrl);
  });

  test('queues are listed by prefix, in pages', async () => {
    for (const name of ['b-2', 'a-1', 'b-1', 'b-3']) await sqs.createQueue(name);
    const list = (NextToken?: string) =>
      sqs.client.send(new ListQueuesCommand({ QueueNamePrefix: 'b-', MaxResults: 2, NextToken }));

    const first = await list();
    const second = await list(first.NextToken);

    expect(first.QueueUrls?.map((url) => url.slice(-3))).toEqual(['b-1', 'b-2']);
    expect(second.QueueUrls?.map((url) => url.slice(-3))).toEqual(['b-3']);
    expect(second.NextToken).toBeUndefined();
  });

  // recorded on AWS, 30-04-2024
  test('tags are added and taken away; none are no member of the answer', async () => {
    const QueueUrl = await sqs.createQueue();
    await sqs.client.send(new TagQueueCommand({ QueueUrl, Tags: { a: '1', b: '' } }));
    const tagged = await sqs.client.send(new ListQueueTagsCommand({ QueueUrl }));
    await sqs.client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['a', 'b'] }));

    expect(tagged.Tags).toEqual({ a: '1', b: '' });
    expect((await sqs.client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toBeUndefined();
  });

  // recorded on AWS, 30-04-2024
  test('a second purge within 60 seconds is refused', async () => {
    const QueueUrl = await sqs.createQueue();
    await sqs.client.send(new PurgeQueueCommand({ QueueUrl }));

    expect(await refusal(sqs.client.send(new PurgeQueueCommand({ QueueUrl })))).toEqual({
      code: 'AWS.SimpleQueueService.PurgeQueueInProgress',
      message: 'Only one PurgeQueue operation on jobs is allowed every 60 seconds.',
      status: 403,
    });
  });
});
