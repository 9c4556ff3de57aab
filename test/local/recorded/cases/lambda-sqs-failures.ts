import { listAt, type Replay, type Scripts, textAt } from '../replay.ts';
import { LambdaSteps } from '../wire/lambda.ts';
import {
  destinationOf,
  FAILING,
  pause,
  queueUrlOf,
  REPORTING,
  receiveOne,
  redriven,
  reports,
  text,
} from './lambda-sqs-steps.ts';

/** Until the visibility timeout of what has failed is over. */
const hiddenAgain = async (replay: Replay): Promise<void> => {
  await pause();
  await replay.pass(30_000);
};

/** What becomes of messages whose function fails, or says that some of them have failed. */
export const queueFailures: Scripts = {
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
    await hiddenAgain(replay);
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
    await hiddenAgain(replay);
    replay.note('second_attempt', await receiveOne(lambda, destination));
    await hiddenAgain(replay);
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
    await hiddenAgain(replay);
    replay.note('second_invocation', await receiveOne(lambda, destination));
    await hiddenAgain(replay);
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
    await hiddenAgain(replay);
    replay.note('second_invocation', await receiveOne(lambda, destination));
    await hiddenAgain(replay);
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
    await hiddenAgain(replay);
    if (listAt(await lambda.sqs.receive(deadLetters), 'Messages').length > 0)
      throw new Error('the message is dead');
  },
};
