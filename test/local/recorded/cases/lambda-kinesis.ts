import { at, listAt, pythonJson, type Replay, type Scripts, textAt } from '../replay.ts';
import { LambdaSteps } from '../wire/lambda.ts';
import { onlyObject } from '../wire/s3.ts';
import { SnsSteps } from '../wire/sns.ts';
import { KinesisSteps } from './kinesis.ts';
import { pause } from './lambda-sqs-steps.ts';

type Settings = Readonly<Record<string, unknown>>;

const reports = { FunctionResponseTypes: ['ReportBatchItemFailures'] };
const fromStart = { StartingPosition: 'TRIM_HORIZON' };
const failingSettings = {
  ...fromStart,
  BatchSize: 1,
  MaximumBatchingWindowInSeconds: 1,
  MaximumRetryAttempts: 1,
};
const RAISES = "throw new Error('Test exception (this is intentional)');";
const failingMessage = pythonJson({ input: 'hello', value: 'world', raise_error: 1 });

/** Records of a stream, and a place for what fails. */
const streamed = async (replay: Replay) => {
  const lambda = new LambdaSteps(replay);
  const kinesis = new KinesisSteps(replay);
  const stream = await kinesis.stream();
  const failures = await lambda.sqs.queue({ VisibilityTimeout: '3600' });
  const Destination = await lambda.sqs.arn(failures);
  return {
    lambda,
    kinesis,
    stream,
    failures,
    onFailure: { DestinationConfig: { OnFailure: { Destination } } },
  };
};

/** Lets windows and the waiting between attempts pass. */
const passSeconds = async (replay: Replay, seconds: number) => {
  for (let second = 0; second < seconds; second += 1) {
    await pause();
    await replay.pass(1000);
  }
};

const records = (prefix: string, count: number, key: string) =>
  Array.from({ length: count }, (_, index) => [pythonJson({ [prefix]: index }), key] as const);

/** What a mapping whose function answers that does with one record. */
const answering = async (replay: Replay, code: string, label: string, settings: Settings) => {
  const { lambda, kinesis, stream } = await streamed(replay);
  const teller = await lambda.teller(code);
  const created = await lambda.mapped(teller.name, stream.arn, {
    ...fromStart,
    BatchSize: 1,
    MaximumBatchingWindowInSeconds: 1,
    MaximumRetryAttempts: 2,
    ...settings,
  });
  replay.note('create_event_source_mapping_response', created);
  await kinesis.put(stream.name, 'hello');
  await passSeconds(replay, 3);
  return { teller, created, lambda, label };
};

const failures: Readonly<Record<string, string>> = {
  item_identifier_not_present_failure: '{ batchItemFailures: [{ itemIdentifier: 123 }] }',
  empty_string_item_identifier_failure: "{ batchItemFailures: [{ itemIdentifier: '' }] }",
  null_item_identifier_failure: '{ batchItemFailures: [{ itemIdentifier: null }] }',
  invalid_key_foo_failure: '{ batchItemFailures: [{ foo: 123 }] }',
  invalid_key_foo_null_value_failure: '{ batchItemFailures: [{ foo: null }] }',
};
const successes: Readonly<Record<string, string>> = {
  empty_string_success: "''",
  empty_list_success: '[]',
  null_success: 'null',
  empty_dict_success: '{}',
  empty_batch_item_failure_success: '{ batchItemFailures: [] }',
  null_batch_item_failure_success: '{ batchItemFailures: null }',
};

/** Event source mappings of streams. */
export const streamMappings: Scripts = {
  test_esm_with_not_existing_kinesis_stream: async (replay) => {
    const lambda = new LambdaSteps(replay);
    const { name } = await lambda.teller();
    const arn = replay.cloud.kinesis.arnOf('test-foobar-81ded7e8');
    replay.note('error', await lambda.map(name, arn, { StartingPosition: 'LATEST' }));
  },
  test_create_kinesis_event_source_mapping: async (replay) => {
    const { lambda, kinesis, stream } = await streamed(replay);
    const teller = await lambda.teller();
    const created = await lambda.mapped(teller.name, stream.arn, { StartingPosition: 'LATEST' });
    replay.note('create_event_source_mapping_response', created);
    const put = Array.from({ length: 10 }, (_, index) => ['hello', `test_${index}`] as const);
    await kinesis.putAll(stream.name, put);
    replay.note('kinesis_records', (await teller.told(1))[0]);
  },
  test_create_kinesis_event_source_mapping_multiple_lambdas_single_kinesis_event_stream: async (replay) => {
    const { lambda, kinesis, stream } = await streamed(replay);
    const tellers = { a: await lambda.teller(), b: await lambda.teller() };
    for (const [id, { name }] of Object.entries(tellers))
      replay.note(
        `create_event_source_mapping_response-${id}`,
        await lambda.mapped(name, stream.arn, fromStart),
      );
    await kinesis.put(stream.name, 'hello', 'test_1');
    for (const [id, teller] of Object.entries(tellers))
      replay.note(`kinesis_records-${id}`, (await teller.told(1))[0]);
  },
  'lambda_integration_kinesis test_duplicate_event_source_mappings': async (replay) => {
    const { lambda, stream } = await streamed(replay);
    const { name } = await lambda.teller();
    const map = () => lambda.map(name, stream.arn, { StartingPosition: 'LATEST' });
    replay.note('create', await map());
    replay.note('error', await map());
  },
  test_kinesis_event_source_mapping_with_async_invocation: async (replay) => {
    const { lambda, kinesis, stream } = await streamed(replay);
    const teller = await lambda.teller('', '{ executionStart: Date.now() / 1000, event }');
    const settings = { StartingPosition: 'LATEST', BatchSize: 10 };
    replay.note(
      'create_event_source_mapping_response',
      await lambda.mapped(teller.name, stream.arn, settings),
    );
    await kinesis.putAll(stream.name, records('record_id', 10, 'test_0'));
    const first = await teller.told(1);
    await kinesis.putAll(stream.name, records('record_id', 10, 'test_1'));
    replay.note('invocation_events', [...first, ...(await teller.told(1))]);
  },
  test_kinesis_event_source_trim_horizon: async (replay) => {
    const { lambda, kinesis, stream } = await streamed(replay);
    const teller = await lambda.teller('', '{ executionStart: Date.now() / 1000, event }');
    for (const key of ['test_0', 'test_1']) await kinesis.putAll(stream.name, records('record_id', 10, key));
    await kinesis.putAll(stream.name, records('record_id', 10, 'test_3'));
    const settings = { ...fromStart, BatchSize: 10 };
    replay.note(
      'create_event_source_mapping_response',
      await lambda.mapped(teller.name, stream.arn, settings),
    );
    replay.note('invocation_events', await teller.told(3));
  },
  test_disable_kinesis_event_source_mapping: async (replay) => {
    const { lambda, kinesis, stream } = await streamed(replay);
    const teller = await lambda.teller();
    const settings = { StartingPosition: 'LATEST', BatchSize: 10 };
    const created = await lambda.mapped(teller.name, stream.arn, settings);
    replay.note('create_event_source_mapping_response', created);
    await kinesis.putAll(stream.name, records('record_id', 10, 'test'));
    replay.note('invocation_events', await teller.told(1));
    const uuid = textAt(created, 'UUID');
    await lambda.update(uuid, { Enabled: false });
    await lambda.reaches(uuid, 'Disabled');
    await kinesis.putAll(stream.name, records('record_id_disabled', 10, 'test'));
    await passSeconds(replay, 2);
  },
  test_kinesis_event_source_mapping_with_on_failure_destination_config: async (replay) => {
    const { lambda, kinesis, stream, failures: queue, onFailure } = await streamed(replay);
    const { name } = await lambda.teller(RAISES);
    const created = await lambda.mapped(name, stream.arn, { ...failingSettings, ...onFailure });
    replay.note('create_event_source_mapping_response', created);
    await kinesis.put(stream.name, failingMessage, 'custom');
    await passSeconds(replay, 4);
    replay.note('sqs_payload', await lambda.sqs.receive(queue, { WaitTimeSeconds: 5 }));
  },
  test_kinesis_event_source_mapping_with_sns_on_failure_destination_config: async (replay) => {
    const { lambda, kinesis, stream, failures: queue } = await streamed(replay);
    const sns = new SnsSteps(replay);
    const Destination = await sns.topic();
    await sns.subscribeQueue(lambda.sqs, Destination, queue);
    const { name } = await lambda.teller(RAISES);
    const settings = { ...failingSettings, DestinationConfig: { OnFailure: { Destination } } };
    replay.note('create_event_source_mapping_response', await lambda.mapped(name, stream.arn, settings));
    await kinesis.put(stream.name, failingMessage, 'custom');
    await passSeconds(replay, 4);
    const received = await lambda.sqs.receive(queue, { WaitTimeSeconds: 5 });
    replay.note('failure_sns_message', JSON.parse(textAt(received, 'Messages', 0, 'Body')));
  },
  test_kinesis_event_source_mapping_with_s3_on_failure_destination: async (replay) => {
    const { lambda, kinesis, stream } = await streamed(replay);
    const bucket = replay.name();
    await replay.cloud.s3.createBucket(bucket);
    const { name } = await lambda.teller(RAISES);
    const Destination = `arn:aws:s3:::${bucket}`;
    const settings = { ...failingSettings, DestinationConfig: { OnFailure: { Destination } } };
    replay.note('create_event_source_mapping_response', await lambda.mapped(name, stream.arn, settings));
    await kinesis.put(stream.name, failingMessage, 'custom');
    await passSeconds(replay, 6);
    replay.note('record_body', await onlyObject(replay, bucket));
  },
  test_kinesis_report_batch_item_failures: async (replay) => {
    const { lambda, kinesis, stream, failures: queue, onFailure } = await streamed(replay);
    const code = `
      const bad = event.Records.filter(({ kinesis }) => JSON.parse(atob(kinesis.data)).should_fail);
      return { batchItemFailures: bad.map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber })) };`;
    const teller = await lambda.teller(code);
    const settings = {
      ...fromStart,
      BatchSize: 3,
      MaximumBatchingWindowInSeconds: 1,
      MaximumRetryAttempts: 3,
      ...onFailure,
      ...reports,
    };
    replay.note(
      'create_event_source_mapping_response',
      await lambda.mapped(teller.name, stream.arn, settings),
    );
    const put = Array.from(
      { length: 6 },
      (_, index) => [pythonJson({ should_fail: index === 5 }), `test_${index}`] as const,
    );
    await kinesis.putAll(stream.name, put);
    await passSeconds(replay, 20);
    replay.note('sqs_payload', await lambda.sqs.receive(queue, { WaitTimeSeconds: 5 }));
    const told = (await teller.told(5)).flatMap((event) => listAt(event, 'Records'));
    const key = (record: unknown) => textAt(record, 'kinesis', 'partitionKey');
    replay.note('kinesis_records', {
      Records: told.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)),
    });
  },
  test_kinesis_report_batch_item_failure_scenarios: async (replay) => {
    const { failures: queue, onFailure, lambda: outer } = await streamed(replay);
    const answer = failures[replay.parameters];
    const code = answer === undefined ? RAISES : `return ${answer};`;
    const { teller } = await answering(replay, code, 'kinesis_events', { ...reports, ...onFailure });
    await passSeconds(replay, 8);
    replay.note('sqs_payload', await outer.sqs.receive(queue, { WaitTimeSeconds: 5 }));
    replay.note('kinesis_events', await teller.told(3));
  },
  test_kinesis_report_batch_item_success_scenarios: async (replay) => {
    const code = `return ${successes[replay.parameters] ?? '{}'};`;
    const { teller } = await answering(replay, code, 'kinesis_events', reports);
    replay.note('kinesis_events', await teller.told(1));
  },
  test_kinesis_maximum_record_age_exceeded: async (replay) => {
    const { lambda, kinesis, stream, failures: queue, onFailure } = await streamed(replay);
    const before = replay.parameters === 'expire-before-ingestion';
    await kinesis.put(stream.name, 'stream-data');
    if (before) await replay.pass(61_000);
    const { name } = await lambda.teller(RAISES);
    const settings = {
      ...failingSettings,
      MaximumRetryAttempts: before ? 0 : -1,
      MaximumRecordAgeInSeconds: 60,
      ...onFailure,
    };
    replay.note('create_event_source_mapping_response', await lambda.mapped(name, stream.arn, settings));
    await passSeconds(replay, before ? 3 : 75);
    replay.note('record_age_exceeded_payload', await lambda.sqs.receive(queue, { WaitTimeSeconds: 5 }));
  },
  test_kinesis_maximum_record_age_exceeded_discard_records: async (replay) => {
    const { lambda, kinesis, stream, failures: queue, onFailure } = await streamed(replay);
    await kinesis.put(stream.name, 'stream-data');
    await replay.pass(80_000);
    const teller = await lambda.teller('', 'event.Records');
    const put = Array.from({ length: 5 }, (_, index) => [`stream-data-${index + 1}`, 'test'] as const);
    await kinesis.putAll(stream.name, put);
    const settings = {
      ...failingSettings,
      BatchSize: 10,
      MaximumRetryAttempts: 0,
      MaximumRecordAgeInSeconds: 60,
      ...onFailure,
    };
    replay.note(
      'create_event_source_mapping_response',
      await lambda.mapped(teller.name, stream.arn, settings),
    );
    await passSeconds(replay, 3);
    replay.note('record_age_exceeded_payload', await lambda.sqs.receive(queue, { WaitTimeSeconds: 5 }));
    const told = await teller.told(1);
    replay.note(
      'Records',
      told.flatMap((batch) => (Array.isArray(batch) ? batch : [])),
    );
  },
  test_kinesis_event_filtering_json_pattern: async (replay) => {
    const { lambda, kinesis, stream } = await streamed(replay);
    const told = 'event.Records.map(({ kinesis }) => JSON.parse(atob(kinesis.data)))';
    const tellers = [await lambda.teller('', told), await lambda.teller('', told)];
    for (const [index, { name }] of tellers.entries()) {
      const Pattern = JSON.stringify({ data: { event_type: [`function_${index + 1}`] } });
      const settings = { ...failingSettings, FilterCriteria: { Filters: [{ Pattern }] } };
      const label =
        index === 0 ? 'create_event_source_mapping_response' : 'create_event_source_mapping_2_response';
      replay.note(label, await lambda.mapped(name, stream.arn, settings));
    }
    await kinesis.put(stream.name, pythonJson({ event_type: 'function_1', message: 'foo' }), 'custom');
    await kinesis.put(stream.name, pythonJson({ event_type: 'function_2', message: 'bar' }), 'custom');
    await passSeconds(replay, 3);
    const [first] = await Promise.all(tellers.map((teller) => teller.told(1)));
    replay.note('kinesis-record-lambda-payload', pythonJson(at(first, 0)));
  },
};
