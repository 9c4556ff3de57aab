import { type Scripts, textAt } from '../replay.ts';
import { LambdaSteps } from '../wire/lambda.ts';
import { batches, byBody, filterOf, flat, pause, RECORDS, text } from './lambda-sqs-steps.ts';

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
