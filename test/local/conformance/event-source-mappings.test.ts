import { CreateEventSourceMappingCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { conformance } from './checks.ts';
import { bodies, consume, type Mapping, queueOf, streamOf, texts } from './mapped-function.ts';
import { fifo, queueOf as fifoQueueOf } from './sqs-queue.ts';
import { until } from './target.ts';

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
    'Lambda Developer Guide, "Configuring scaling behavior for SQS event source mappings"',
    'messages of a FIFO queue are handled in the order of their group',
    async (target) => {
      const queue = await fifoQueueOf(target, { ...fifo, ContentBasedDeduplication: 'true' });
      for (const n of [1, 2, 3])
        for (const MessageGroupId of ['a', 'b'])
          await queue.send(`${MessageGroupId}${n}`, { MessageGroupId });
      const source = (await queue.attribute('QueueArn')) ?? '';
      const { events } = await consume(target, source, { BatchSize: 1 });

      const handled = (await events(6)).flatMap(bodies);

      expect(handled.filter((body) => body?.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
      expect(handled.filter((body) => body?.startsWith('b'))).toEqual(['b1', 'b2', 'b3']);
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
