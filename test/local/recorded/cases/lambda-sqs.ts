import { listAt, pythonJson, type Replay, type Scripts, textAt } from '../replay.ts';
import type { Recorded } from '../wire/http.ts';
import { LambdaSteps } from '../wire/lambda.ts';

const FAILING = `
export const handler = async (event) => {
  const [record] = event.Records;
  const { destination, fail_attempts } = JSON.parse(record.body);
  const failed = fail_attempts >= Number(record.attributes.ApproximateReceiveCount);
  await tell(destination, { error: failed ? 'failed attempt' : null, event });
  if (failed) throw new Error('failed attempt');
};`;

const REPORTING = `
export const handler = async (event) => {
  const failed = event.Records.filter(({ body, attributes }) =>
    JSON.parse(body).fail_attempts >= Number(attributes.ApproximateReceiveCount));
  const { OVERWRITE, RESULTS } = process.env;
  const result = OVERWRITE
    ? JSON.parse(OVERWRITE)
    : { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  await tell(RESULTS, { event, result });
  return result;
};`;

const RECORDS = 'event.Records';
const reports = { FunctionResponseTypes: ['ReportBatchItemFailures'] };

/** The patterns of each round of recordings, with an item that matches and one that does not. */
const filters: Readonly<Record<string, readonly [object, unknown, unknown]>> = {
  single: [{ 'my-key': ['my-value'] }, { 'my-key': 'my-value' }, { 'my-key': 'other-value' }],
  or: [
    { 'my-key': ['my-value-one', 'my-value-two'] },
    { 'my-key': 'my-value-two' },
    { 'my-key': 'other-value' },
  ],
  and: [
    { 'my-key-one': ['other-filter', 'my-value-one'], 'my-key-two': ['my-value-two'] },
    { 'my-key-one': 'my-value-one', 'my-key-two': 'my-value-two' },
    { 'my-key-one': 'other-value-', 'my-key-two': 'my-value-two' },
  ],
  exists: [{ 'my-key': [{ exists: true }] }, { 'my-key': 'any-value-one' }, { 'other-key': 'any-value-two' }],
  'numeric-bigger': [{ 'my-number': [{ numeric: ['>', 100] }] }, { 'my-number': 101 }, { 'my-number': 100 }],
  'numeric-smaller': [{ 'my-number': [{ numeric: ['<', 100] }] }, { 'my-number': 99 }, { 'my-number': 100 }],
  'numeric-range': [
    { 'my-number': [{ numeric: ['>=', 100, '<', 200] }] },
    { 'my-number': 100 },
    { 'my-number': 200 },
  ],
  prefix: [{ 'my-key': [{ prefix: 'yes' }] }, { 'my-key': 'yes-value' }, { 'my-key': 'no-value' }],
  'valid-json-filter': [{ 'my-key': ['my-value'] }, { 'my-key': 'my-value' }, 'plain-string'],
  'single-filter': [{ testItem: ['test24'] }, { testItem: 'test24' }, { testItem: 'tesWER' }],
  'or-filter': [{ testItem: ['test24', 'test45'] }, { testItem: 'test45' }, { testItem: 'WERTD' }],
  'and-filter': [
    { testItem: ['test24', 'test45'], test2: ['go'] },
    { testItem: 'test45', test2: 'go' },
    { testItem: 'test67', test2: 'go' },
  ],
  'exists-filter': [{ test2: [{ exists: true }] }, { test2: '7411' }, { test5: '74545' }],
  'numeric-prefix': [{ test2: [{ prefix: 'us-1' }] }, { test2: 'us-1-48454' }, { test2: 'eu-wert' }],
  filter4: [{ test2: [{ numeric: ['>', 100] }] }, { test2: 105 }, 'this is a test string'],
  filter5: [{ test2: [{ numeric: ['<', 100] }] }, { test2: 93 }, { test2: 187 }],
  filter6: [{ test2: [{ numeric: ['>=', 100, '<', 200] }] }, { test2: 105 }, { test2: 250 }],
};
const older: Readonly<Record<string, string>> = {
  filter0: 'single-filter',
  filter1: 'or-filter',
  filter2: 'and-filter',
  filter3: 'exists-filter',
  filter7: 'numeric-prefix',
};

const filterOf = (parameters: string) => {
  const name = /^filter\d/.exec(parameters)?.[0] ?? parameters;
  return filters[older[name] ?? name];
};

const text = (item: unknown): string => (typeof item === 'string' ? item : pythonJson(item));

/** What is received of it is not seen again. */
const destinationOf = (lambda: LambdaSteps) => lambda.sqs.queue({ VisibilityTimeout: '3600' });

/** A queue with a visibility timeout, whose messages end in another one after two receives. */
const redriven = async (lambda: LambdaSteps, seconds: number, maxReceiveCount: number, fifo = false) => {
  const { sqs } = lambda;
  const kind = fifo ? { FifoQueue: 'true' } : {};
  const deadLetters = await sqs.queue(kind);
  const deadLetterTargetArn = await sqs.arn(deadLetters);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
  const queue = await sqs.queue({ ...kind, VisibilityTimeout: String(seconds), RedrivePolicy });
  return { deadLetters, queue, arn: await sqs.arn(queue) };
};

const receiveOne = (lambda: LambdaSteps, queue: string) =>
  lambda.sqs.receive(queue, { WaitTimeSeconds: 5, MaxNumberOfMessages: 1 });

const queueUrlOf = (lambda: LambdaSteps, url: string): Promise<Recorded> =>
  lambda.sqs.call('GetQueueUrl', { QueueName: url.split('/').at(-1) });

/** A function that tells its records, told batches of them. */
const batches = async (
  replay: Replay,
  lambda: LambdaSteps,
  queue: string,
  mapping: object,
  label: string,
) => {
  const teller = await lambda.teller('', RECORDS);
  const created = await lambda.mapped(teller.name, await lambda.sqs.arn(queue), { ...mapping });
  replay.note(label, created);
  return { teller, created };
};

const byBody = (records: readonly unknown[]) =>
  [...records].sort((a, b) => (textAt(a, 'body') < textAt(b, 'body') ? -1 : 1));

const flat = (lists: readonly unknown[]): unknown[] =>
  lists.flatMap((list) => (Array.isArray(list) ? list : []));

/** Event source mappings of queues. */
export const queueMappings: Scripts = {
  test_esm_with_not_existing_sqs_queue: async (replay) => {
    const lambda = new LambdaSteps(replay);
    const { region, account } = replay.cloud;
    const { name } = await lambda.teller();
    replay.note(
      'error',
      await lambda.map(name, `arn:aws:sqs:${region}:${account}:${replay.name()}`, { BatchSize: 1 }),
    );
  },
  test_failing_lambda_retries_after_visibility_timeout: async (replay) => {
    const lambda = new LambdaSteps(replay);
    const destination = await destinationOf(lambda);
    replay.note('get_destination_queue_url', await queueUrlOf(lambda, destination));
    const name = await lambda.function(FAILING);
    const queue = await lambda.sqs.queue({ VisibilityTimeout: '30' });
    const created = await lambda.mapped(name, await lambda.sqs.arn(queue), { BatchSize: 1 });
    replay.note('event_source_mapping', await lambda.get(textAt(created, 'UUID')));
    await lambda.sqs.send(queue, text({ destination, fail_attempts: 1 }));
    replay.note('first_attempt', await receiveOne(lambda, destination));
    await pause();
    await replay.pass(30_000);
    replay.note('second_attempt', await receiveOne(lambda, destination));
  },
  test_message_body_and_attributes_passed_correctly: async (replay) => {
    const lambda = new LambdaSteps(replay);
    const destination = await destinationOf(lambda);
    replay.note('get_destination_queue_url', await queueUrlOf(lambda, destination));
    const name = await lambda.function(FAILING);
    const { queue, arn } = await redriven(lambda, 30, 2);
    await lambda.mapped(name, arn, { BatchSize: 1 });
    await lambda.sqs.send(queue, text({ destination, fail_attempts: 0 }), {
      MessageAttributes: {
        Title: { DataType: 'String', StringValue: 'The Whistler' },
        Author: { DataType: 'String', StringValue: 'John Grisham' },
        WeeksOn: { DataType: 'Number', StringValue: '6' },
      },
    });
    replay.note('first_attempt', await receiveOne(lambda, destination));
  },
  test_redrive_policy_with_failing_lambda: async (replay) => {
    const lambda = new LambdaSteps(replay);
    const destination = await destinationOf(lambda);
    replay.note('get_destination_queue_url', await queueUrlOf(lambda, destination));
    const name = await lambda.function(FAILING);
    const { queue, deadLetters, arn } = await redriven(lambda, 30, 2);
    await lambda.mapped(name, arn, { BatchSize: 1 });
    await lambda.sqs.send(queue, text({ destination, fail_attempts: 2 }));
    replay.note('first_attempt', await receiveOne(lambda, destination));
    await pause();
    await replay.pass(30_000);
    replay.note('second_attempt', await receiveOne(lambda, destination));
    await pause();
    await replay.pass(30_000);
    replay.note('dlq_response', await receiveOne(lambda, deadLetters));
  },
  test_sqs_queue_as_lambda_dead_letter_queue: async (replay) => {
    const lambda = new LambdaSteps(replay);
    const queue = await lambda.sqs.queue();
    const TargetArn = await lambda.sqs.arn(queue);
    const code =
      "export const handler = async () => { throw new Error('Test exception (this is intentional)'); };";
    const name = await lambda.function(code, {}, { deadLetterArn: TargetArn });
    const configuration = await lambda.call('GET', `/2015-03-31/functions/${name}/configuration`);
    replay.note('lambda-response-dlq-config', configuration.DeadLetterConfig);
    replay.cloud.lambda.setEventInvokeConfig(name, { maximumRetryAttempts: 0 });
    await lambda.invokeLater(name, { raise_error: 1 });
    const received = await lambda.sqs.receive(queue, { MessageAttributeNames: ['All'], WaitTimeSeconds: 5 });
    replay.note('messages', received);
  },
  test_report_batch_item_failures: async (replay) => {
    const lambda = new LambdaSteps(replay);
    const destination = await destinationOf(lambda);
    replay.note('get_destination_queue_url', await queueUrlOf(lambda, destination));
    const name = await lambda.function(REPORTING, { RESULTS: destination });
    const { queue, deadLetters, arn } = await redriven(lambda, 30, 2, true);
    const Entries = [0, 1, 1, 2].map((fail_attempts, index) => ({
      Id: `message-${index + 1}`,
      MessageBody: `{"message": ${index + 1}, "fail_attempts": ${fail_attempts}}`,
      MessageGroupId: '1',
      MessageDeduplicationId: `dedup-${index + 1}`,
    }));
    replay.note(
      'send_message_batch',
      await lambda.sqs.call('SendMessageBatch', { QueueUrl: queue, Entries }),
    );
    const settings = { BatchSize: 10, MaximumBatchingWindowInSeconds: 0, ...reports };
    replay.note('create_event_source_mapping', await lambda.mapped(name, arn, settings));
    replay.note('first_invocation', await receiveOne(lambda, destination));
    await pause();
    await replay.pass(30_000);
    replay.note('second_invocation', await receiveOne(lambda, destination));
    await pause();
    await replay.pass(30_000);
    replay.note('dlq_response', await receiveOne(lambda, deadLetters));
  },
  test_report_batch_item_failures_on_lambda_error: async (replay) => {
    const lambda = new LambdaSteps(replay);
    const name = await lambda.function(REPORTING);
    const { queue, deadLetters, arn } = await redriven(lambda, 30, 2);
    const Entries = [
      { Id: 'message-1', MessageBody: '{not a json body' },
      { Id: 'message-2', MessageBody: '{"message": 2, "fail_attempts": 0}' },
    ];
    await lambda.sqs.call('SendMessageBatch', { QueueUrl: queue, Entries });
    await lambda.mapped(name, arn, reports);
    for (let turn = 0; turn < 3; turn += 1) {
      await pause();
      await replay.pass(30_000);
    }
    const dead = await lambda.sqs.collect(deadLetters, 2);
    replay.note(
      'dlq_messages',
      dead.sort((a, b) => (textAt(a, 'MD5OfBody') < textAt(b, 'MD5OfBody') ? -1 : 1)),
    );
  },
  test_report_batch_item_failures_invalid_result_json_batch_fails: async (replay) => {
    const lambda = new LambdaSteps(replay);
    const destination = await destinationOf(lambda);
    replay.note('get_destination_queue_url', await queueUrlOf(lambda, destination));
    const OVERWRITE = '{"batchItemFailures": [{"foo":"notvalid"}]}';
    const name = await lambda.function(REPORTING, { RESULTS: destination, OVERWRITE });
    const { queue, deadLetters, arn } = await redriven(lambda, 30, 2);
    await lambda.mapped(name, arn, { BatchSize: 10, MaximumBatchingWindowInSeconds: 0, ...reports });
    await lambda.sqs.send(queue, '{"message": 1, "fail_attempts": 0}');
    replay.note('first_invocation', await receiveOne(lambda, destination));
    await pause();
    await replay.pass(30_000);
    replay.note('second_invocation', await receiveOne(lambda, destination));
    await pause();
    await replay.pass(30_000);
    replay.note('dlq_response', await receiveOne(lambda, deadLetters));
  },
  test_report_batch_item_failures_empty_json_batch_succeeds: async (replay) => {
    const lambda = new LambdaSteps(replay);
    const destination = await destinationOf(lambda);
    replay.note('get_destination_queue_url', await queueUrlOf(lambda, destination));
    const name = await lambda.function(REPORTING, { RESULTS: destination, OVERWRITE: '{}' });
    const { queue, deadLetters, arn } = await redriven(lambda, 30, 1);
    await lambda.mapped(name, arn, { BatchSize: 10, MaximumBatchingWindowInSeconds: 0, ...reports });
    await lambda.sqs.send(queue, '{"message": 1, "fail_attempts": 0}');
    replay.note('first_invocation', await receiveOne(lambda, destination));
    await pause();
    await replay.pass(30_000);
    if (listAt(await lambda.sqs.receive(deadLetters), 'Messages').length > 0)
      throw new Error('the message is dead');
  },
  test_fifo_message_group_parallelism: async (replay) => {
    const lambda = new LambdaSteps(replay);
    const queue = await lambda.sqs.fifo({ ContentBasedDeduplication: 'true', VisibilityTimeout: '60' });
    const { name } = await lambda.teller();
    const created = await lambda.map(name, await lambda.sqs.arn(queue), { Enabled: false, BatchSize: 1 });
    replay.note('create_esm_disabled', created);
    const uuid = textAt(created, 'UUID');
    replay.note('update_esm_enabling', await lambda.update(uuid, { Enabled: true }));
    replay.note('get_esm_enabled', await lambda.reaches(uuid, 'Enabled'));
  },
  test_event_source_mapping_default_batch_size: async (replay) => {
    const lambda = new LambdaSteps(replay);
    const { name } = await lambda.teller();
    const created = await lambda.map(name, await lambda.sqs.arn(await lambda.sqs.queue()));
    replay.note('create-event-source-mapping', created);
    const changed = await lambda.update(textAt(created, 'UUID'), { FunctionName: name, BatchSize: 11 });
    replay.note('invalid-update-event-source-mapping', changed);
    const other = await lambda.sqs.arn(await lambda.sqs.queue());
    replay.note('invalid-create-event-source-mapping', await lambda.map(name, other, { BatchSize: 11 }));
  },
  test_sqs_event_source_mapping: async (replay) => {
    const lambda = new LambdaSteps(replay);
    const teller = await lambda.teller();
    const queue = await lambda.sqs.queue();
    const settings = { MaximumBatchingWindowInSeconds: 1 };
    const created = await lambda.mapped(teller.name, await lambda.sqs.arn(queue), settings);
    replay.note('create-event-source-mapping-response', created);
    await lambda.sqs.send(queue, '{"foo": "bar"}');
    await pause();
    await replay.pass(1000);
    replay.note('events', await teller.told(1));
  },
  test_sqs_event_source_mapping_batch_size: async (replay) => {
    const lambda = new LambdaSteps(replay);
    const queue = await lambda.sqs.queue();
    const settings = { MaximumBatchingWindowInSeconds: 10, BatchSize: Number(replay.parameters) };
    const { teller } = await batches(replay, lambda, queue, settings, 'create-event-source-mapping-response');
    const send = (count: number, round: number) =>
      lambda.sqs.call('SendMessageBatch', {
        QueueUrl: queue,
        Entries: Array.from({ length: count }, (_, index) => ({
          Id: `${index}-${round}`,
          MessageBody: `${index}-${round}-message-${index}`,
        })),
      });
    replay.note('send-message-batch-result-10', await send(10, 0));
    replay.note('send-message-batch-result-5', await send(5, 1));
    await pause();
    await replay.pass(10_000);
    replay.note('Records', byBody(flat(await teller.told(1))));
  },
  test_sqs_event_source_mapping_batching_reserved_concurrency: async (replay) => {
    const lambda = new LambdaSteps(replay);
    const queue = await lambda.sqs.queue();
    const teller = await lambda.teller('', RECORDS);
    const reserved = { ReservedConcurrentExecutions: 2 };
    const limited = await lambda.call('PUT', `/2017-10-31/functions/${teller.name}/concurrency`, reserved);
    replay.note('put_concurrency_resp', limited);
    for (const round of [0, 1, 2])
      await lambda.sqs.call('SendMessageBatch', {
        QueueUrl: queue,
        Entries: Array.from({ length: 10 }, (_, index) => ({
          Id: `${index}-${round}`,
          MessageBody: `${index}-${round}-message`,
        })),
      });
    const settings = {
      MaximumBatchingWindowInSeconds: 1,
      BatchSize: 20,
      ScalingConfig: { MaximumConcurrency: 2 },
    };
    const created = await lambda.mapped(teller.name, await lambda.sqs.arn(queue), settings);
    replay.note('create-event-source-mapping-response', created);
    await pause();
    await replay.pass(1000);
    const told = await teller.told(2);
    replay.note('batch_info', { total_batches_received: told.length });
    replay.note('Records', byBody(flat(told)));
  },
  test_sqs_event_source_mapping_batching_behaviour: async () => undefined,
  test_sqs_event_filter: async (replay) => {
    if (replay.parameters.startsWith('plain-string')) return;
    const [pattern, matching, other] = filterOf(replay.parameters) ?? [{}, '', ''];
    const lambda = new LambdaSteps(replay);
    const teller = await lambda.teller();
    const queue = await lambda.sqs.queue();
    await lambda.sqs.send(queue, text(matching));
    await lambda.sqs.send(queue, text(other));
    const Filters = [{ Pattern: JSON.stringify({ body: pattern }) }];
    const settings = { MaximumBatchingWindowInSeconds: 1, FilterCriteria: { Filters } };
    const created = await lambda.mapped(teller.name, await lambda.sqs.arn(queue), settings);
    replay.note('create_event_source_mapping_response', created);
    await pause();
    await replay.pass(1000);
    replay.note('invocation_events', await teller.told(1));
  },
  test_sqs_invalid_event_filter: async (replay) => {
    const lambda = new LambdaSteps(replay);
    const Pattern =
      { None: 'null', 'simple string': 'simple string', invalid_filter2: '{"eventSource": "aws:sqs"}' }[
        replay.parameters
      ] ?? '{"eventSource": []}';
    const { name } = await lambda.teller();
    const settings = { MaximumBatchingWindowInSeconds: 1, FilterCriteria: { Filters: [{ Pattern }] } };
    const answer = await lambda.map(name, await lambda.sqs.arn(await lambda.sqs.queue()), settings);
    replay.note('create_event_source_mapping_exception', answer);
  },
  test_duplicate_event_source_mappings: async (replay) => {
    const lambda = new LambdaSteps(replay);
    const { name } = await lambda.teller();
    const arn = await lambda.sqs.arn(await lambda.sqs.queue());
    replay.note('create', await lambda.map(name, arn));
    replay.note('error', await lambda.map(name, arn));
  },
};

/** Lets a function that has told its event end, before time moves on. */
export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 150));
