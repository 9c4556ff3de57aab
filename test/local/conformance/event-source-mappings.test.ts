import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { conformance } from './checks.ts';
import { type Target, until } from './target.ts';

/** Tells what it was invoked with, and answers as its environment says. */
const TELLING = `
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
const sqs = new SQSClient();
export const handler = async (event) => {
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.RESULTS, MessageBody: JSON.stringify(event) }));
  const bad = event.Records.filter((record) => (record.body ?? atob(record.kinesis.data)).includes('bad'));
  if (bad.length > 0 && !process.env.PARTIAL) throw new Error('bad record');
  return { batchItemFailures: bad.map((record) => ({ itemIdentifier: record.messageId ?? record.kinesis.sequenceNumber })) };
};`;

const event = z.object({
  Records: z.array(
    z.looseObject({
      body: z.string().optional(),
      eventSource: z.string(),
      attributes: z.record(z.string(), z.string()).optional(),
      kinesis: z.looseObject({ data: z.string(), partitionKey: z.string() }).optional(),
    }),
  ),
});

const queueOf = async (
  { sqs, name, afterwards }: Target,
  Attributes: Readonly<Record<string, string>> = {},
) => {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name(), Attributes }));
  afterwards(() => sqs.send(new DeleteQueueCommand({ QueueUrl })));
  const names = { QueueUrl, AttributeNames: ['QueueArn' as const] };
  const arn = (await sqs.send(new GetQueueAttributesCommand(names))).Attributes?.QueueArn ?? '';
  const send = (...texts: readonly string[]) =>
    sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: texts.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
      }),
    );
  const inFlight = async () => {
    const asked = { QueueUrl, AttributeNames: ['ApproximateNumberOfMessagesNotVisible' as const] };
    const { Attributes: found } = await sqs.send(new GetQueueAttributesCommand(asked));
    return found?.ApproximateNumberOfMessagesNotVisible;
  };
  /** Takes what comes until there are that many messages. */
  const take = async (count: number): Promise<string[]> => {
    const taken: string[] = [];
    await until(
      async () => {
        const input = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 };
        for (const { Body, ReceiptHandle } of (await sqs.send(new ReceiveMessageCommand(input))).Messages ??
          []) {
          taken.push(Body ?? '');
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
        return taken.length;
      },
      (found) => found >= count,
    );
    return taken;
  };
  return { QueueUrl, arn, send, inFlight, take };
};

type Mapping = Partial<CreateEventSourceMappingCommandInput>;

/** A function that tells what it gets, and a mapping from the source to it. */
const consume = async (target: Target, EventSourceArn: string, settings: Mapping, environment = {}) => {
  const { lambda, afterwards } = target;
  const results = await queueOf(target);
  const FunctionName = await target.createFunction(TELLING, {
    RESULTS: results.QueueUrl ?? '',
    ...environment,
  });
  const created = await lambda.send(
    new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn, ...settings }),
  );
  const { UUID } = created;
  afterwards(() => lambda.send(new DeleteEventSourceMappingCommand({ UUID })));
  const state = async () => (await lambda.send(new GetEventSourceMappingCommand({ UUID }))).State;
  const reaches = (wanted: string) => until(state, (found) => found === wanted);
  await reaches(settings.Enabled === false ? 'Disabled' : 'Enabled');
  const events = async (count: number) =>
    (await results.take(count)).map((text) => event.parse(JSON.parse(text)));
  return { created, FunctionName, UUID, reaches, events };
};

const streamOf = async ({ kinesis, name, afterwards }: Target) => {
  const StreamName = name();
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  afterwards(() => kinesis.send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true })));
  const described = await until(
    async () =>
      (await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary,
    (found) => found?.StreamStatus === 'ACTIVE',
  );
  const put = (...texts: readonly string[]) =>
    kinesis.send(
      new PutRecordsCommand({
        StreamName,
        Records: texts.map((text) => ({ PartitionKey: 'key', Data: Buffer.from(text) })),
      }),
    );
  return { arn: described?.StreamARN ?? '', put };
};

const bodies = ({ Records }: z.output<typeof event>) => Records.map(({ body }) => body);
const texts = ({ Records }: z.output<typeof event>) =>
  Records.map(({ kinesis }) => Buffer.from(kinesis?.data ?? '', 'base64').toString());

conformance('Event source mappings', (check) => {
  check(
    'Lambda Developer Guide, "Using Lambda with Amazon SQS"; recorded on AWS, 25-11-2025',
    'messages of a queue are handled and deleted',
    async (target) => {
      const queue = await queueOf(target);
      const { created, events } = await consume(target, queue.arn, {});
      await queue.send('one');

      const [first] = await events(1);
      const left = await until(
        async () =>
          (
            await target.sqs.send(
              new GetQueueAttributesCommand({
                QueueUrl: queue.QueueUrl,
                AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
              }),
            )
          ).Attributes,
        (counts) => Object.values(counts ?? {}).every((count) => count === '0'),
      );

      expect(created).toMatchObject({ BatchSize: 10, MaximumBatchingWindowInSeconds: 0, State: 'Creating' });
      expect(first?.Records).toMatchObject([
        { body: 'one', eventSource: 'aws:sqs', attributes: { ApproximateReceiveCount: '1' } },
      ]);
      expect(left).toBeDefined();
    },
  );

  check(
    'Lambda Developer Guide, "Implementing partial batch responses"',
    'of a batch only the messages that are reported come again',
    async (target) => {
      const queue = await queueOf(target, { VisibilityTimeout: '12' });
      await queue.send('good', 'bad');
      const settings: Mapping = {
        BatchSize: 10,
        MaximumBatchingWindowInSeconds: 1,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      };
      const { events } = await consume(target, queue.arn, settings, { PARTIAL: '1' });
      await target.pass(1_100);
      const first = (await events(1)).flatMap(bodies);
      await until(queue.inFlight, (count) => count === '1');

      await target.pass(13_000);
      const again = (await events(1)).flatMap(bodies);

      expect(first).toContain('bad');
      expect(again).toContain('bad');
      expect(again).not.toContain('good');
    },
  );

  check(
    'Lambda Developer Guide, "Using event filtering with an Amazon SQS event source"',
    'what a filter does not match is deleted unseen',
    async (target) => {
      const queue = await queueOf(target);
      const Pattern = JSON.stringify({ body: { kind: ['wanted'] } });
      const { events } = await consume(target, queue.arn, {
        BatchSize: 1,
        FilterCriteria: { Filters: [{ Pattern }] },
      });

      await queue.send('{"kind":"other"}', 'not JSON', '{"kind":"wanted"}');

      expect((await events(1)).flatMap(bodies)).toEqual(['{"kind":"wanted"}']);
    },
  );

  check(
    'Lambda API, "UpdateEventSourceMapping"',
    'a disabled mapping leaves messages where they are until it is enabled',
    async (target) => {
      const queue = await queueOf(target);
      const { UUID, FunctionName, reaches, events } = await consume(target, queue.arn, { Enabled: false });
      await queue.send('waiting');
      await target.pass(1_000);
      const { sqs, lambda } = target;
      const names = { QueueUrl: queue.QueueUrl, AttributeNames: ['ApproximateNumberOfMessages' as const] };
      const waiting = (await sqs.send(new GetQueueAttributesCommand(names))).Attributes;

      await lambda.send(new UpdateEventSourceMappingCommand({ UUID, FunctionName, Enabled: true }));
      await reaches('Enabled');

      expect(waiting).toEqual({ ApproximateNumberOfMessages: '1' });
      expect((await events(1)).flatMap(bodies)).toEqual(['waiting']);
    },
  );

  check(
    'Lambda API, "CreateEventSourceMapping"; recorded on AWS, 25-11-2025',
    'a second mapping of the same function and source is refused',
    async (target) => {
      const queue = await queueOf(target);
      const { FunctionName } = await consume(target, queue.arn, { Enabled: false });

      const second = target.lambda.send(
        new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn: queue.arn }),
      );

      await expect(second).rejects.toMatchObject({ name: 'ResourceConflictException' });
    },
  );

  check(
    'recorded on AWS, 25-11-2025',
    'a mapping that is created disabled is disabled at once',
    async (target) => {
      const queue = await queueOf(target);

      const { created } = await consume(target, queue.arn, { Enabled: false });

      expect(created.State).toBe('Disabled');
    },
  );

  check('recorded on AWS, 25-11-2025', 'a filter pattern that is no pattern is refused', async (target) => {
    const queue = await queueOf(target);
    const filtered = (Pattern: string) =>
      consume(target, queue.arn, { FilterCriteria: { Filters: [{ Pattern }] } });

    for (const pattern of ['null', 'simple string', '{"eventSource":"aws:sqs"}', '{"eventSource":[]}'])
      await expect(filtered(pattern)).rejects.toMatchObject({
        name: 'InvalidParameterValueException',
        message: 'Invalid filter pattern definition.',
      });
  });

  check(
    'recorded on AWS, 25-11-2025',
    'a batch above ten messages needs a batching window',
    async (target) => {
      const queue = await queueOf(target);

      await expect(consume(target, queue.arn, { BatchSize: 11 })).rejects.toMatchObject({
        name: 'InvalidParameterValueException',
        message:
          'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
      });
    },
  );

  check(
    'Lambda Developer Guide, "Using Lambda with Amazon Kinesis"',
    'records of a shard are handled in their order',
    async (target) => {
      const stream = await streamOf(target);
      await stream.put('1', '2', '3');
      const { events } = await consume(target, stream.arn, {
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 10,
      });

      const [first] = await events(1);

      expect(first?.Records[0]).toMatchObject({
        eventSource: 'aws:kinesis',
        kinesis: { partitionKey: 'key' },
      });
      expect(first && texts(first)).toEqual(['1', '2', '3']);
    },
  );

  check(
    'Lambda Developer Guide, "Configuring partial batch response with Kinesis Data Streams and Lambda"',
    'a reported record and what follows it come again, what came before does not',
    async (target) => {
      const stream = await streamOf(target);
      await stream.put('good', 'bad', 'after');
      const settings: Mapping = {
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 10,
        MaximumRetryAttempts: 1,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      };
      const { events } = await consume(target, stream.arn, settings, { PARTIAL: '1' });
      const [first] = await events(1);
      for (let turn = 0; turn < 5; turn += 1) await target.pass(1_000);

      const [second] = await events(1);

      expect(first && texts(first)).toEqual(['good', 'bad', 'after']);
      expect(second && texts(second)).not.toContain('good');
    },
  );
});
