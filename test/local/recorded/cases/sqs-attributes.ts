import { at, type Scripts, worked } from '../replay.ts';
import { SqsSteps } from '../wire/sqs.ts';

const sse = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled'];
const foo = { Foo: { DataType: 'String', StringValue: 'Bar' } };

/** Attributes, tags and permissions of queues; attributes of messages. */
export const queueAttributes: Scripts = {
  test_tag_untag_queue: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueUrl = await sqs.queue();
    await sqs.call('TagQueue', { QueueUrl, Tags: { tag1: 'value1', tag2: 'value2', tag3: '' } });
    replay.note('get-tag-1', await sqs.call('ListQueueTags', { QueueUrl }));
    await sqs.call('UntagQueue', { QueueUrl, TagKeys: ['tag1', 'tag3'] });
    replay.note('get-tag-2', await sqs.call('ListQueueTags', { QueueUrl }));
    await sqs.call('UntagQueue', { QueueUrl, TagKeys: ['tag2'] });
    replay.note('get-tag-after-untag', await sqs.call('ListQueueTags', { QueueUrl }));
  },
  test_create_fifo_queue_with_different_attributes_raises_error: async (replay) => {
    const sqs = new SqsSteps(replay, 'json');
    const QueueName = replay.name('.fifo');
    await sqs.queue({ FifoQueue: 'true', ContentBasedDeduplication: 'true' }, QueueName);
    const Attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'false' };
    replay.note('queue-already-exists', await sqs.call('CreateQueue', { QueueName, Attributes }));
  },
  test_create_standard_queue_with_fifo_attribute_raises_error: async (replay) => {
    const sqs = new SqsSteps(replay, 'json');
    const QueueName = replay.name();
    for (const [label, Attributes] of [
      ['invalid-attribute-fifo-queue', { FifoQueue: 'false' }],
      ['invalid-attribute-content-based-deduplication', { ContentBasedDeduplication: 'false' }],
      ['invalid-attribute-deduplication-scope', { DeduplicationScope: 'queue' }],
      ['invalid-attribute-throughput-limit', { FifoThroughputLimit: 'perQueue' }],
    ] as const)
      replay.note(label, await sqs.call('CreateQueue', { QueueName, Attributes }));
  },
  test_create_queue_with_different_attributes_raises_exception: async (replay) => {
    const sqs = new SqsSteps(replay, 'json');
    const QueueName = replay.name();
    const create = (DelaySeconds: string) =>
      sqs.call('CreateQueue', {
        QueueName,
        Attributes: { ReceiveMessageWaitTimeSeconds: '1', DelaySeconds },
      });
    await create('1');
    worked(await sqs.call('CreateQueue', { QueueName }));
    worked(await sqs.call('CreateQueue', { QueueName, Attributes: { DelaySeconds: '1' } }));
    replay.note('create_queue_01', await create('2'));
    await sqs.set(await sqs.queue({}, QueueName), { DelaySeconds: '2' });
    worked(await create('2'));
    replay.note('create_queue_02', await create('1'));
  },
  test_create_and_update_queue_attributes: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.queue({
      MessageRetentionPeriod: '604800',
      ReceiveMessageWaitTimeSeconds: '10',
      VisibilityTimeout: '20',
    });
    replay.note('get_queue_attributes', await sqs.attributes(url));
    await sqs.set(url, { MaximumMessageSize: '2048', VisibilityTimeout: '69', DelaySeconds: '420' });
    replay.note('get_updated_queue_attributes', await sqs.attributes(url));
  },
  test_fifo_set_content_based_deduplication_strategy: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.fifo({ SqsManagedSseEnabled: 'true', ContentBasedDeduplication: 'true' });
    replay.note('before-update', await sqs.attributes(url));
    await sqs.set(url, { ContentBasedDeduplication: 'false' });
    replay.note('after-update', await sqs.attributes(url));
  },
  test_set_empty_redrive_policy: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.queue();
    const policy = { deadLetterTargetArn: await sqs.arn(url), maxReceiveCount: '42' };
    worked(await sqs.set(url, { RedrivePolicy: '' }));
    expectPolicy(await sqs.attributes(url), false);
    worked(await sqs.set(url, { RedrivePolicy: JSON.stringify(policy) }));
    expectPolicy(await sqs.attributes(url), true);
    worked(await sqs.set(url, { RedrivePolicy: '' }));
    expectPolicy(await sqs.attributes(url), false);
  },
  test_invalid_dead_letter_arn_rejected_before_lookup: async (replay) => {
    const sqs = new SqsSteps(replay);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: 'dummy', maxReceiveCount: 42 });
    const input = { QueueName: replay.name(), Attributes: { RedrivePolicy } };
    replay.note('error_response', await sqs.call('CreateQueue', input));
  },
  test_set_unsupported_attribute_standard: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.queue();
    replay.note('invalid-attr-name-1', await sqs.set(url, { FifoQueue: 'true' }));
    replay.note('invalid-attr-name-2', await sqs.set(url, { FifoQueue: 'false' }));
  },
  test_set_unsupported_attribute_fifo: async (replay) => {
    const sqs = new SqsSteps(replay);
    replay.note('invalid-attr-name-1', await sqs.set(await sqs.queue(), { FifoQueue: 'true' }));
    const fifo = await sqs.fifo();
    worked(await sqs.set(fifo, { FifoQueue: 'true' }));
    replay.note('invalid-attr-name-2', await sqs.set(fifo, { FifoQueue: 'false' }));
  },
  test_sse_queue_attributes: async (replay) => {
    const sqs = new SqsSteps(replay);
    const byKms = await sqs.queue();
    await sqs.set(byKms, {
      KmsMasterKeyId: 'testKeyId',
      KmsDataKeyReusePeriodSeconds: '6000',
      SqsManagedSseEnabled: 'false',
    });
    replay.note('sse_kms_attributes', await sqs.attributes(byKms, sse));
    const bySqs = await sqs.queue();
    await sqs.set(bySqs, { SqsManagedSseEnabled: 'true' });
    replay.note('sse_sqs_attributes', await sqs.attributes(bySqs, sse));
  },
  test_set_queue_attributes_default_values: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.queue();
    replay.note('get-queue-attributes-initial-values', await sqs.attributes(url));
    await sqs.set(url, { KmsMasterKeyId: 'testKeyId', KmsDataKeyReusePeriodSeconds: '6000' });
    replay.note('get-queue-attributes-after-update', await sqs.attributes(url));
    await sqs.set(url, { KmsMasterKeyId: '', KmsDataKeyReusePeriodSeconds: '300' });
    replay.note('get-queue-attributes-after-set-to-defaults', await sqs.attributes(url));
  },
  test_sse_kms_and_sqs_are_mutually_exclusive: async (replay) => {
    const sqs = new SqsSteps(replay);
    const answer = await sqs.set(await sqs.queue(), {
      KmsMasterKeyId: 'testKeyId',
      SqsManagedSseEnabled: 'true',
    });
    const message = `An error occurred (${at(answer, 'Error', 'Code')}) when calling the SetQueueAttributes operation: ${at(answer, 'Error', 'Message')}`;
    replay.note('error', message);
  },
  test_sqs_permission_lifecycle: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueUrl = await sqs.queue();
    const { account } = replay.cloud;
    const add = (Label: string, AWSAccountIds: readonly string[]) =>
      sqs.call('AddPermission', { QueueUrl, AWSAccountIds, Actions: ['ReceiveMessage'], Label });
    const remove = (Label: string) => sqs.call('RemovePermission', { QueueUrl, Label });
    const policy = () => sqs.attributes(QueueUrl, ['Policy']);
    replay.note('add-permission-response', await add('crossaccountpermission', ['668614515564', account]));
    replay.note('get-queue-policy-attribute', await policy());
    replay.note('remove-permission-response', await remove('crossaccountpermission'));
    replay.note('get-queue-policy-attribute-after-removal', await policy());
    await add('crossaccountpermission', [account]);
    replay.note('get-queue-policy-attribute-first-account-same-label', await policy());
    const again = await add('crossaccountpermission', ['668614515564']);
    replay.note('get-queue-policy-attribute-second-account-same-label', again);
    await add('crossaccountpermission2', [account]);
    replay.note('get-queue-policy-attribute-second-account-different-label', await policy());
    await remove('crossaccountpermission');
    replay.note('get-queue-policy-attribute-delete-first-permission', await policy());
    await remove('crossaccountpermission2');
    replay.note('get-queue-policy-attribute-delete-second-permission', await policy());
    const missing = await remove('crossaccountpermission2');
    replay.note('get-queue-policy-attribute-delete-non-existent-label', missing);
  },
  test_non_existent_queue: async (replay) => {
    const json = new SqsSteps(replay, 'json');
    const QueueName = replay.name();
    const QueueUrl = await json.queue({}, QueueName);
    await json.call('DeleteQueue', { QueueUrl });
    replay.note('queue-does-not-exist', await json.call('GetQueueAttributes', { QueueUrl }));
    replay.note('queue-does-not-exist-url', await json.call('GetQueueUrl', { QueueName }));
    const query = new SqsSteps(replay, 'query');
    replay.note('queue-does-not-exist-query', await query.call('GetQueueAttributes', { QueueUrl }));
  },
  test_send_message_with_binary_attributes: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.queue();
    const value = 'traceparent\u001e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01';
    const attr1 = { BinaryValue: Buffer.from(value).toString('base64'), DataType: 'Binary' };
    await sqs.send(url, 'test', { MessageAttributes: { attr1 } });
    const received = await sqs.receive(url, { MessageAttributeNames: ['All'] });
    const text = JSON.stringify(received).replace(
      attr1.BinaryValue,
      `b'${value.replace('\u001e', '\\\\x1e')}'`,
    );
    replay.note('binary-attrs-msg', JSON.parse(text));
  },
  test_send_message_with_empty_string_attribute: async (replay) => {
    const sqs = new SqsSteps(replay);
    const MessageAttributes = { ErrorDetails: { StringValue: '', DataType: 'String' } };
    replay.note('empty-string-attr', await sqs.send(await sqs.queue(), 'test', { MessageAttributes }));
  },
  test_aws_trace_header_propagation: async (replay) => {
    const sqs = new SqsSteps(replay);
    const QueueUrl = await sqs.queue();
    const MessageAttributes = { timestamp: { StringValue: '1493147359900', DataType: 'Number' } };
    const trace = 'Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1';
    await sqs.call(
      'SendMessage',
      { QueueUrl, MessageBody: 'test', MessageAttributes },
      { 'x-amzn-trace-id': trace },
    );
    const received = await sqs.receive(QueueUrl, {
      AttributeNames: ['SentTimestamp', 'AWSTraceHeader'],
      MessageAttributeNames: ['All'],
    });
    replay.note('xray-msg', at(received, 'Messages', 0));
  },
  test_receive_message_message_attribute_names_filters: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.queue({ VisibilityTimeout: '0' });
    const text = (StringValue: string) => ({ DataType: 'String', StringValue });
    const MessageAttributes = { 'Help.Me': text('Me'), Hello: text('There'), General: text('Kenobi') };
    replay.note('send_message_response', await sqs.send(url, 'msg', { MessageAttributes }));
    const receive = (MessageAttributeNames: readonly string[]) => sqs.receive(url, { MessageAttributeNames });
    replay.note('empty_filter', await receive([]));
    replay.note('all_name', await receive(['All']));
    for (const [label, names] of [
      ['all_wildcard_asterisk', ['*']],
      ['all_wildcard', ['.*']],
      ['only_non_existing_names', ['Foo', 'Help']],
      ['only_existing', ['Hello', 'General']],
      ['existing_and_non_existing', ['Foo', 'Hello']],
      ['prefix_filter', ['Hel.*']],
    ] as const)
      replay.note(label, at(await receive(names), 'Messages', 0));
    replay.note('illegal_name_1', await receive(['AWS.']));
    replay.note('illegal_name_2', await receive(['..foo']));
  },
  test_receive_message_attribute_names_filters: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.queue({ VisibilityTimeout: '0' });
    await sqs.send(url, 'msg', { MessageAttributes: foo });
    replay.note('all_attributes', await sqs.receive(url, { AttributeNames: ['All'] }));
    const both = { AttributeNames: ['All'], MessageAttributeNames: ['All'] };
    replay.note('all_system_and_message_attributes', await sqs.receive(url, both));
    replay.note('single_attribute', await sqs.receive(url, { AttributeNames: ['SenderId'] }));
    const two = { AttributeNames: ['SenderId', 'SequenceNumber'] };
    replay.note('multiple_attributes', await sqs.receive(url, two));
  },
  test_receive_message_message_system_attribute_names_filters: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.queue({ VisibilityTimeout: '0' });
    await sqs.send(url, 'msg', { MessageAttributes: foo });
    replay.note('all_attributes', await sqs.receive(url, { MessageSystemAttributeNames: ['All'] }));
    const both = { MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] };
    replay.note('all_system_and_message_attributes', await sqs.receive(url, both));
    replay.note('single_attribute', await sqs.receive(url, { MessageSystemAttributeNames: ['SenderId'] }));
    const two = { MessageSystemAttributeNames: ['SenderId', 'SequenceNumber'] };
    replay.note('multiple_attributes', await sqs.receive(url, two));
  },
  test_message_system_attribute_names_with_attribute_names: async (replay) => {
    const sqs = new SqsSteps(replay);
    const url = await sqs.queue({ VisibilityTimeout: '0' });
    await sqs.send(url, 'msg', { MessageAttributes: foo });
    const receive = (AttributeNames: readonly string[]) =>
      sqs.receive(url, { MessageSystemAttributeNames: ['All'], AttributeNames });
    replay.note('same_values', await receive(['All']));
    replay.note('different_values', await receive(['SenderId']));
  },
};

const expectPolicy = (answer: unknown, expected: boolean): void => {
  const found = at(answer, 'Attributes', 'RedrivePolicy') !== undefined;
  if (found !== expected) throw new Error(`the queue has ${found ? 'a' : 'no'} redrive policy`);
};
