import { at, listAt, type Scripts, textAt } from '../replay.ts';
import { handleOf, SqsSteps } from '../wire/sqs.ts';

const attribute = { k: { DataType: 'String', StringValue: 'x' } };
const ATTRIBUTE_BYTES = 'kStringx'.length;
const MIB = 1024 * 1024;
const counts = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];

const batch = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    Id: `message-${index}`,
    MessageBody: `messageBody-${index}`,
  }));

/** Two full batches, all received. */
const twentyReceived = async (sqs: SqsSteps, QueueUrl: string) => {
  await sqs.call('SendMessageBatch', { QueueUrl, Entries: batch(10) });
  await sqs.call('SendMessageBatch', { QueueUrl, Entries: batch(10) });
  return sqs.collect(QueueUrl, 20);
};

/** Messages of standard queues: sending, receiving, limits of batches. */
export const standardQueues: Scripts = {
  test_list_queues_pagination: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueNamePrefix = replay.name();
    for (let index = 0; index < 10; index += 1) await sqs.queue({}, `${QueueNamePrefix}-test-queue-${index}`);
    const ours = `${replay.endpoint}/${replay.cloud.account}/${QueueNamePrefix}`;
    const recorded = (answer: object) =>
      JSON.parse(
        JSON.stringify(answer).replaceAll(
          ours,
          'http://sqs.us-east-1.localhost.localstack.cloud:4566/111111111111/7f7df0f5',
        ),
      );
    replay.note('list_all', recorded(await sqs.call('ListQueues', { QueueNamePrefix })));
    const two = await sqs.call('ListQueues', { QueueNamePrefix, MaxResults: 2 });
    const token = textAt(two, 'NextToken');
    const page = Buffer.from(token, 'base64')
      .toString()
      .replace(ours, 'http://sqs.<region>.localhost.localstack.cloud:4566/111111111111/7f7df0f5');
    replay.note('list_two_max', recorded({ ...two, NextToken: Buffer.from(page).toString('base64') }));
    const rest = { QueueNamePrefix, MaxResults: 10, NextToken: token };
    replay.note('list_remaining', recorded(await sqs.call('ListQueues', rest)));
  },
  test_send_empty_message: async (replay) => {
    const sqs = new SqsSteps(replay);
    replay.note('send_empty_message', await sqs.send(await sqs.queue(), ''));
  },
  test_send_receive_max_number_of_messages: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.queue();
    await sqs.send(url, 'message');
    replay.note('send_max_number_of_messages', await sqs.receive(url, { MaxNumberOfMessages: 11 }));
  },
  test_receive_empty_queue: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.queue();
    replay.note('empty_short_poll_resp_no_param', await sqs.receive(url));
    replay.note('empty_short_poll_resp', await sqs.receive(url, { MaxNumberOfMessages: 1 }));
    replay.note(
      'empty_long_poll_resp',
      await sqs.receive(url, { MaxNumberOfMessages: 1, WaitTimeSeconds: 1 }),
    );
  },
  test_send_receive_wait_time_seconds: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.queue();
    await sqs.send(url, 'message');
    await sqs.send(url, 'message');
    replay.note('recieve_message_error_too_large', await sqs.receive(url, { WaitTimeSeconds: 21 }));
    replay.note('recieve_message_error_too_small', await sqs.receive(url, { WaitTimeSeconds: -1 }));
    replay.note('empty_short_poll_by_default_resp', await sqs.receive(url, { MaxNumberOfMessages: 1 }));
    replay.note(
      'empty_short_poll_explicit_resp',
      await sqs.receive(url, { MaxNumberOfMessages: 1, WaitTimeSeconds: 0 }),
    );
  },
  test_send_oversized_message: async (replay) => {
    const sqs = new SqsSteps(replay);
    const body = 'a'.repeat(MIB - ATTRIBUTE_BYTES + 1);
    replay.note(
      'send_oversized_message',
      await sqs.send(await sqs.queue(), body, { MessageAttributes: attribute }),
    );
  },
  test_send_message_with_updated_maximum_message_size: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.queue();
    await sqs.set(url, { MaximumMessageSize: '1024' });
    await sqs.send(url, 'a'.repeat(1024));
    const body = 'a'.repeat(1024 - ATTRIBUTE_BYTES + 1);
    replay.note('send_oversized_message', await sqs.send(url, body, { MessageAttributes: attribute }));
  },
  test_send_message_batch_with_oversized_contents: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueUrl = await sqs.queue();
    const Entries = [
      { Id: '1', MessageBody: 'a'.repeat(MIB - ATTRIBUTE_BYTES), MessageAttributes: attribute },
      { Id: '2', MessageBody: 'a' },
    ];
    replay.note('send_oversized_message_batch', await sqs.call('SendMessageBatch', { QueueUrl, Entries }));
  },
  test_send_message_batch_with_oversized_contents_with_updated_maximum_message_size: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueUrl = await sqs.queue();
    await sqs.set(QueueUrl, { MaximumMessageSize: '2048' });
    const Entries = [
      { Id: '1', MessageBody: 'a'.repeat(2048 - ATTRIBUTE_BYTES), MessageAttributes: attribute },
      { Id: '2', MessageBody: 'a' },
    ];
    replay.note('send_oversized_message_batch', await sqs.call('SendMessageBatch', { QueueUrl, Entries }));
  },
  test_send_message_to_standard_queue_with_invalid_message_group_id: async (replay) => {
    const sqs = new SqsSteps(replay);
    const group = { empty: '', too_long: 'a'.repeat(129), spaces: 'group 123' }[replay.parameters] ?? '';
    replay.note('error-response', await sqs.send(await sqs.queue(), 'message', { MessageGroupId: group }));
  },
  test_fair_queue_with_message_group_id: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.queue();
    replay.note('send_message', await sqs.send(url, 'message', { MessageGroupId: 'test' }));
    const received = await sqs.receive(url, { WaitTimeSeconds: 5, AttributeNames: ['All'] });
    replay.note('get-message-with-deduplication-id', received);
  },
  test_approximate_number_of_messages_not_visible: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.queue({ VisibilityTimeout: '60' });
    for (let index = 1; index <= 6; index += 1) await sqs.send(url, `message-${index}`);
    await sqs.receive(url, { MaxNumberOfMessages: 1 });
    expectCounts(await sqs.attributes(url, counts), ['5', '1', '0']);
    await replay.pass(60_000);
    expectCounts(await sqs.attributes(url, counts), ['6', '0', '0']);
  },
  test_delete_after_visibility_timeout: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.queue({ VisibilityTimeout: '1' });
    await sqs.send(url, 'foobar');
    const received = await sqs.receive(url, { WaitTimeSeconds: 5 });
    await replay.pass(1000);
    await sqs.delete(url, received);
    replay.note('delete_after_timeout_queue_empty', await sqs.receive(url));
  },
  test_change_message_visibility_after_visibility_timeout_expiration: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueUrl = await sqs.queue({ VisibilityTimeout: '1' });
    await sqs.send(QueueUrl, 'test');
    const ReceiptHandle = handleOf(await sqs.receive(QueueUrl));
    await replay.pass(2000);
    const changed = await sqs.call('ChangeMessageVisibility', {
      QueueUrl,
      ReceiptHandle,
      VisibilityTimeout: 2,
    });
    replay.note('visibility_timeout_expired', changed);
  },
  test_too_many_entries_in_batch_request: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueUrl = await sqs.queue();
    const answer = await sqs.call('SendMessageBatch', { QueueUrl, Entries: batch(20) });
    replay.note('test_too_many_entries_in_batch_request', answer);
  },
  test_invalid_batch_id: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueUrl = await sqs.queue();
    const Entries = [{ Id: 'message:12ab', MessageBody: 'body' }];
    replay.note('test_invalid_batch_id', await sqs.call('SendMessageBatch', { QueueUrl, Entries }));
  },
  test_send_batch_message_size: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueUrl = await sqs.queue({ MaximumMessageSize: '1024' });
    const Entries = [1024, 1025].map((size, index) => ({
      Id: `entry-${index}`,
      MessageBody: 'a'.repeat(size),
    }));
    replay.note('send-message-batch-result', await sqs.call('SendMessageBatch', { QueueUrl, Entries }));
  },
  test_delete_message_batch_invalid_msg_id: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueUrl = await sqs.queue();
    const Id = replay.parameters.slice(replay.parameters.indexOf('-') + 1);
    const Entries = [{ Id, ReceiptHandle: 'testHandle1' }];
    replay.note('error_response', await sqs.call('DeleteMessageBatch', { QueueUrl, Entries }));
  },
  test_delete_message_batch_with_too_large_batch: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueUrl = await sqs.queue();
    const messages = await twentyReceived(sqs, QueueUrl);
    const Entries = messages.map((message, index) => ({
      Id: String(index),
      ReceiptHandle: textAt(message, 'ReceiptHandle'),
    }));
    replay.note('error_response', await sqs.call('DeleteMessageBatch', { QueueUrl, Entries }));
  },
  test_change_message_visibility_batch_with_too_large_batch: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueUrl = await sqs.queue();
    const messages = await twentyReceived(sqs, QueueUrl);
    const Entries = messages.map((message, index) => ({
      Id: String(index),
      ReceiptHandle: textAt(message, 'ReceiptHandle'),
      VisibilityTimeout: 123,
    }));
    replay.note('error_response', await sqs.call('ChangeMessageVisibilityBatch', { QueueUrl, Entries }));
  },
  test_send_message_via_queue_url_with_json_protocol: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueUrl = await sqs.queue();
    const through = new SqsSteps(replay, 'json');
    replay.note(
      'receive-json-on-queue-url',
      await through.callAt(QueueUrl, 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 1 }),
    );
  },
  test_successive_purge_calls_fail: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueUrl = await sqs.queue();
    await sqs.call('PurgeQueue', { QueueUrl });
    replay.note('purge_queue_error', await sqs.call('PurgeQueue', { QueueUrl }));
  },
  test_dead_letter_queue_message_attributes: async (replay) => {
    const sqs = new SqsSteps(replay);
    const { queue, deadLetters } = await sqs.deadLetterPair(1);
    replay.note('dlq-arn', await sqs.arn(deadLetters));
    replay.note('sourcen-arn', await sqs.arn(queue));
    const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
    await sqs.send(queue, 'message-1', {
      MessageSystemAttributes: { AWSTraceHeader: { StringValue: trace, DataType: 'String' } },
      MessageAttributes: { MyAttribute: { StringValue: 'foobar', DataType: 'String' } },
    });
    await sqs.send(queue, 'message-2');
    const all = { AttributeNames: ['All'], MessageAttributeNames: ['All'] };
    const received: unknown[] = [];
    for (let turn = 0; turn < 4; turn += 1)
      received.push(...listAt(await sqs.receive(queue, { ...all, VisibilityTimeout: 0 }), 'Messages'));
    replay.note('rec-pre-dlq', byBody(received));
    replay.note('dlq-messages', byBody(await sqs.collect(deadLetters, 2, all)));
  },
};

const byBody = (messages: readonly unknown[]): unknown[] =>
  messages
    .map((message) => {
      const { SenderId: _, ...Attributes } = Object.fromEntries(
        Object.entries(at(message, 'Attributes') ?? {}),
      );
      return { ...Object.fromEntries(Object.entries(message ?? {})), Attributes };
    })
    .sort((a, b) => textAt(a, 'Body').localeCompare(textAt(b, 'Body')));

/** The recording holds no answer here, only that the attributes came to this. */
export const expectCounts = (answer: unknown, expected: readonly string[]): void => {
  const found = counts.map((name) => at(answer, 'Attributes', name));
  if (found.join() !== expected.join())
    throw new Error(`counts are ${found.join()}, recorded ${expected.join()}`);
};

export const countNames = counts;
