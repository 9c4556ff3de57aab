import { type Scripts, textAt, worked } from '../replay.ts';
import { handleOf, SqsSteps } from '../wire/sqs.ts';
import { countNames, expectCounts } from './sqs-standard.ts';

const highThroughput = { DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' };

/** Sends with one deduplication id, receives, and deletes what came. */
const passThrough = async (
  sqs: SqsSteps,
  url: string,
  [body, MessageGroupId, MessageDeduplicationId]: readonly [string, string, string?],
  remove = true,
) => {
  await sqs.send(url, body, {
    MessageGroupId,
    ...(MessageDeduplicationId !== undefined && { MessageDeduplicationId }),
  });
  const received = await sqs.receive(url);
  if (remove) await sqs.delete(url, received);
  return received;
};

const deduplication = (parameters: string) =>
  parameters.endsWith('True')
    ? { attributes: { ContentBasedDeduplication: 'true' }, ids: {} }
    : { attributes: {}, ids: { MessageDeduplicationId: 'dedup1' } };

/** FIFO queues: order in groups, deduplication, what a send needs. */
export const fifoQueues: Scripts = {
  test_message_deduplication_id_success: async (replay) => {
    const sqs = new SqsSteps(replay);
    worked(
      await sqs.send(await sqs.fifo(), 'Hello World!', {
        MessageGroupId: 'test',
        MessageDeduplicationId: 'a'.repeat(128),
      }),
    );
  },
  test_message_deduplication_id_invalid: async (replay) => {
    const sqs = new SqsSteps(replay);
    const id = { empty: '', too_long: 'a'.repeat(129), spaces: 'group 123' }[replay.parameters] ?? '';
    const more = { MessageGroupId: 'test', MessageDeduplicationId: id };
    replay.note('error-response', await sqs.send(await sqs.fifo(), 'Hello World!', more));
  },
  test_fifo_approximate_number_of_messages_not_visible: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.fifo({ ContentBasedDeduplication: 'true', VisibilityTimeout: '60' });
    for (const [index, MessageGroupId] of ['1', '1', '2', '2', '3', '3'].entries())
      await sqs.send(url, `message-${index}`, { MessageGroupId });
    await sqs.receive(url, { MaxNumberOfMessages: 1 });
    await sqs.receive(url, { MaxNumberOfMessages: 1 });
    expectCounts(await sqs.attributes(url, countNames), ['4', '2', '0']);
    await replay.pass(60_000);
    expectCounts(await sqs.attributes(url, countNames), ['6', '0', '0']);
  },
  test_fifo_delete_after_visibility_timeout: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.fifo({ ContentBasedDeduplication: 'true', VisibilityTimeout: '1' });
    await sqs.send(url, 'foobar', { MessageGroupId: '1' });
    const received = await sqs.receive(url, { WaitTimeSeconds: 5 });
    replay.note('received_sqs_message', received);
    await replay.pass(1000);
    replay.note('delete_after_timeout_fifo', await sqs.delete(url, received));
  },
  test_fifo_delete_after_visibility_timeout_extended: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueUrl = await sqs.fifo({ ContentBasedDeduplication: 'true', VisibilityTimeout: '1' });
    await sqs.send(QueueUrl, 'foobar', { MessageGroupId: '1' });
    const received = await sqs.receive(QueueUrl, { WaitTimeSeconds: 5 });
    replay.note('received_sqs_message', received);
    await sqs.call('ChangeMessageVisibility', {
      QueueUrl,
      ReceiptHandle: handleOf(received),
      VisibilityTimeout: 5,
    });
    await replay.pass(1500);
    await sqs.delete(QueueUrl, received);
    replay.note('delete_after_timeout_fifo_extended', await sqs.receive(QueueUrl));
  },
  test_fifo_empty_message_groups_added_back_to_queue: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.fifo();
    replay.note('inital-fifo-receive', await passThrough(sqs, url, ['Message 1', 'g1', '1']));
    replay.note('empty-fifo-receive', await sqs.receive(url));
    replay.note('final-fifo-receive', await passThrough(sqs, url, ['Message 2', 'g1', '2'], false));
  },
  test_fifo_group_visibility_extends_with_change_message_visibility: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueUrl = await sqs.fifo({ VisibilityTimeout: '1' });
    for (const body of ['foo', 'bar', 'baz'])
      await sqs.send(QueueUrl, body, { MessageGroupId: '1', MessageDeduplicationId: body });
    const received = await sqs.receive(QueueUrl, { MaxNumberOfMessages: 5 });
    replay.note('receive_all_messages', received);
    const ReceiptHandle = handleOf(received, extendedPosition(replay.parameters));
    await sqs.call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 4 });
    await replay.pass(2500);
    replay.note('some-messages-invisible', await sqs.receive(QueueUrl, { MaxNumberOfMessages: 5 }));
  },
  test_fifo_queue_send_message_with_delay_seconds_fails: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.fifo({ ContentBasedDeduplication: 'true' });
    replay.note('send_message', await sqs.send(url, 'message-1', { MessageGroupId: '1', DelaySeconds: 2 }));
  },
  test_fifo_queue_send_message_with_zero_delay_defaults_to_queue_delay: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.fifo({ ContentBasedDeduplication: 'true', DelaySeconds: '2' });
    replay.note(
      'send_message_result',
      await sqs.send(url, 'message-1', { MessageGroupId: '1', DelaySeconds: 0 }),
    );
    replay.note('receive_message_initial_result', await sqs.receive(url, { WaitTimeSeconds: 1 }));
    await replay.pass(3000);
    replay.note('receive_message_after_delay_result', await sqs.receive(url, { MaxNumberOfMessages: 1 }));
  },
  test_fifo_message_attributes: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.fifo({
      ContentBasedDeduplication: 'true',
      VisibilityTimeout: '0',
      ...highThroughput,
    });
    const ids = { MessageGroupId: 'group-1', MessageDeduplicationId: 'dedup-1' };
    replay.note('send_message', await sqs.send(url, 'message-body-1', ids));
    replay.note(
      'receive_message_0',
      await sqs.receive(url, { AttributeNames: ['All'], WaitTimeSeconds: 10 }),
    );
    replay.note(
      'receive_message_1',
      await sqs.receive(url, { AttributeNames: ['All'], WaitTimeSeconds: 10 }),
    );
  },
  test_fifo_delete_message_with_expired_receipt_handle: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.fifo({ ContentBasedDeduplication: 'true', VisibilityTimeout: '1' });
    await sqs.send(url, 'g1-m1', { MessageGroupId: '1' });
    const received = await sqs.receive(url);
    replay.note('response', received);
    await replay.pass(2000);
    replay.note('error', await sqs.delete(url, received));
  },
  test_send_batch_missing_deduplication_id_for_fifo_queue: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueUrl = await sqs.fifo({ ContentBasedDeduplication: 'false' });
    const Entries = [
      { Id: 'a', MessageBody: 'messageBody', MessageGroupId: 'group', MessageDeduplicationId: 'one' },
      { Id: 'b', MessageBody: 'messageBody', MessageGroupId: 'group' },
    ];
    const answer = await sqs.call('SendMessageBatch', { QueueUrl, Entries });
    replay.note('test_missing_deduplication_id_for_fifo_queue', answer);
  },
  test_send_batch_missing_message_group_id_for_fifo_queue: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueUrl = await sqs.fifo({ ContentBasedDeduplication: 'false' });
    const Entries = [
      { Id: 'a', MessageBody: 'messageBody', MessageGroupId: 'group', MessageDeduplicationId: 'one' },
      { Id: 'b', MessageBody: 'messageBody', MessageDeduplicationId: 'two' },
    ];
    const answer = await sqs.call('SendMessageBatch', { QueueUrl, Entries });
    replay.note('test_missing_message_group_id_for_fifo_queue', answer);
  },
  test_dead_letter_queue_with_fifo_and_content_based_deduplication: async (replay) => {
    const sqs = new SqsSteps(replay);
    const deadLetters = await sqs.fifo({
      ContentBasedDeduplication: 'true',
      MessageRetentionPeriod: '1209600',
    });
    const deadLetterTargetArn = await sqs.arn(deadLetters);
    const url = await sqs.fifo({
      ContentBasedDeduplication: 'true',
      VisibilityTimeout: '60',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 }),
    });
    const first = textAt(await sqs.send(url, 'foobar', { MessageGroupId: '1' }), 'MessageId');
    for (let turn = 0; turn < 3; turn += 1) await sqs.receive(url, { VisibilityTimeout: 0 });
    expectMessage(await sqs.receive(deadLetters), first);
    const second = textAt(await sqs.send(url, 'foobar2', { MessageGroupId: '1' }), 'MessageId');
    expectMessage(await sqs.receive(url), second);
  },
  test_fifo_deduplication_arrives_once_after_delete: async (replay) => {
    const sqs = new SqsSteps(replay);
    const { attributes, ids } = deduplication(replay.parameters);
    const url = await sqs.fifo(attributes);
    await sqs.send(url, '{"foo": "bar"}', { MessageGroupId: 'group-1', ...ids });
    const received = await sqs.receive(url, { WaitTimeSeconds: 3 });
    replay.note('get-messages', received);
    await sqs.delete(url, received);
    await sqs.send(url, '{"foo": "bar"}', { MessageGroupId: 'group-1', ...ids });
    replay.note('get-messages-duplicate', await sqs.receive(url, { WaitTimeSeconds: 1 }));
  },
  test_fifo_deduplication_not_on_message_group_id: async (replay) => {
    const sqs = new SqsSteps(replay);
    const { attributes, ids } = deduplication(replay.parameters);
    const url = await sqs.fifo(attributes);
    await sqs.send(url, '{"foo": "bar"}', { MessageGroupId: 'group-1', ...ids });
    await sqs.send(url, '{"foo": "bar"}', { MessageGroupId: 'group-2', ...ids });
    replay.note('get-messages', await sqs.receive(url, { MaxNumberOfMessages: 1 }));
    replay.note('get-dedup-messages', await sqs.receive(url, { MaxNumberOfMessages: 1 }));
  },
  test_posting_to_fifo_requires_deduplicationid_group_id: async (replay) => {
    const sqs = new SqsSteps(replay);
    const json = new SqsSteps(replay, 'json');
    const url = await sqs.fifo();
    const group = { MessageGroupId: 'group' };
    const id = { MessageDeduplicationId: 'id' };
    replay.note('invalid-parameter-value', await sqs.send(url, 'test', group));
    replay.note('missing-parameter', await sqs.send(url, 'test', id));
    replay.note('invalid-parameter-value-query', await json.send(url, 'test', group));
    replay.note('missing-parameter-query', await json.send(url, 'test', id));
  },
  test_sqs_fifo_same_dedup_id_different_message_groups: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.fifo({ ContentBasedDeduplication: 'false' });
    replay.note('same-dedup-different-grp-1', await passThrough(sqs, url, ['Test', 'group1', 'same']));
    replay.note('same-dedup-different-grp-2', await passThrough(sqs, url, ['Test', 'group2', 'same'], false));
  },
  test_fifo_high_throughput_ordering: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.fifo({ ContentBasedDeduplication: 'false', ...highThroughput });
    replay.note('same-dedup-different-grp-1', await passThrough(sqs, url, ['Test1', 'group1', 'same']));
    replay.note(
      'same-dedup-different-grp-2',
      await passThrough(sqs, url, ['Test2', 'group2', 'same'], false),
    );
  },
  test_fifo_change_to_high_throughput_after_creation: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.fifo({ ContentBasedDeduplication: 'false', DeduplicationScope: 'queue' });
    replay.note('same-dedup-different-grp-1', await passThrough(sqs, url, ['Test1', 'group1', 'same']));
    replay.note(
      'same-dedup-different-grp-2',
      await passThrough(sqs, url, ['Test2', 'group2', 'same'], false),
    );
    await sqs.set(url, highThroughput);
    replay.note('set-to-high-throughput', await sqs.attributes(url));
    replay.note('same-dedup-different-grp-high-throughput', await sqs.receive(url));
    const third = await passThrough(sqs, url, ['Test3', 'group3', 'same'], false);
    replay.note('same-dedup-different-grp-high-throughput-2', third);
    replay.note('new-dedup2-high-throughput', await passThrough(sqs, url, ['Test4', 'group4', 'other']));
    replay.note(
      'same-dedup2-high-throughput',
      await passThrough(sqs, url, ['Test5', 'group5', 'other'], false),
    );
  },
  test_fifo_change_to_regular_throughput_after_creation: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.fifo({ ContentBasedDeduplication: 'false', ...highThroughput });
    replay.note('same-dedup-different-grp-1', await passThrough(sqs, url, ['Test1', 'group1', 'same']));
    replay.note('same-dedup-different-grp-2', await passThrough(sqs, url, ['Test2', 'group2', 'same']));
    await sqs.set(url, { DeduplicationScope: 'queue', FifoThroughputLimit: 'perQueue' });
    replay.note('set-to-regular-throughput', await sqs.attributes(url));
    const third = await passThrough(sqs, url, ['Test3', 'group3', 'same'], false);
    replay.note('same-dedup-different-grp-regular-throughput', third);
  },
  test_sqs_fifo_message_group_scope_no_throughput_setting: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.fifo({ ContentBasedDeduplication: 'true', DeduplicationScope: 'messageGroup' });
    replay.note('same-dedup-different-grp-1', await passThrough(sqs, url, ['Test', 'group1']));
    replay.note('same-dedup-different-grp-2', await passThrough(sqs, url, ['Test', 'group2'], false));
  },
};

/** Which of the three messages is kept hidden longer: the parameters name it by what is left to see. */
const extendedPosition = (parameters: string): number => {
  if (parameters.endsWith('no-invisible') || parameters.endsWith('2-visible')) return 2;
  return parameters.endsWith('1-invisible') || parameters.endsWith('1-visible') ? 1 : 0;
};

const expectMessage = (received: Readonly<Record<string, unknown>>, messageId: string): void => {
  if (textAt(received, 'Messages', 0, 'MessageId') !== messageId)
    throw new Error('another message was received');
};
