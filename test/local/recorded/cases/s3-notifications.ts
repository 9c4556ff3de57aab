import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  type Event,
  type FilterRule,
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { at, listAt, pythonJson, type Replay, type Scripts, textAt } from '../replay.ts';
import { withStatus } from '../wire/http.ts';
import { refusal, s3Client } from '../wire/s3.ts';
import { SnsSteps } from '../wire/sns.ts';
import { SqsSteps } from '../wire/sqs.ts';

const policy = (bucket: string, Action: string, Resource: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action,
        Resource,
        Condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:s3:::${bucket}` } },
      },
    ],
  });

/** A bucket, and a queue that it may send to. */
const prepared = async (replay: Replay) => {
  const s3 = s3Client(replay);
  const sqs = new SqsSteps(replay, 'json');
  const Bucket = replay.name();
  await s3.send(new CreateBucketCommand({ Bucket }));
  const queue = await sqs.queue({}, `my-queue-${replay.name()}`);
  const QueueArn = await sqs.arn(queue);
  await sqs.set(queue, { Policy: policy(Bucket, 'sqs:SendMessage', QueueArn) });
  const configure = async (
    NotificationConfiguration: NotificationConfiguration,
    SkipDestinationValidation?: boolean,
  ) =>
    refusal(() =>
      s3.send(
        new PutBucketNotificationConfigurationCommand({
          Bucket,
          NotificationConfiguration,
          ...(SkipDestinationValidation !== undefined && { SkipDestinationValidation }),
        }),
      ),
    );
  const configuration = async () => {
    const { $metadata: _, ...shown } = await s3.send(
      new GetBucketNotificationConfigurationCommand({ Bucket }),
    );
    return withStatus(200, shown);
  };
  const notify = (...Events: Event[]) => configure({ QueueConfigurations: [{ QueueArn, Events }] });
  const put = (Key: string, Body = 'something') => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  /** The events that came, without the one that tests the destination. */
  const events = async (count: number): Promise<unknown[]> => {
    const found: unknown[] = [];
    for (let turn = 0; turn < 5 && found.length < count; turn += 1)
      for (const message of await sqs.collect(queue, count))
        found.push(...listAt(JSON.parse(textAt(message, 'Body')), 'Records'));
    return found;
  };
  return { s3, sqs, Bucket, queue, QueueArn, configure, configuration, notify, put, events };
};

const by = (records: readonly unknown[], ...path: readonly string[]): unknown[] =>
  [...records].sort((a, b) => (String(at(a, ...path)) < String(at(b, ...path)) ? -1 : 1));

const missing = ({ cloud: { region, account } }: Replay, service: string, name: string) =>
  `arn:aws:${service}:${region}:${account}:${name}`;

/** Notifications of buckets, to queues and to topics. */
export const bucketNotifications: Scripts = {
  's3_notifications_sqs test_object_created_put': async (replay) => {
    const { notify, put, events } = await prepared(replay);
    await notify('s3:ObjectCreated:Put');
    await put('my_key_0');
    await put('my_key_1', 'something else');
    replay.note('receive_messages', { messages: by(await events(2), 's3', 'object', 'key') });
  },
  test_object_created_copy: async (replay) => {
    const { s3, Bucket, notify, put, events } = await prepared(replay);
    await notify('s3:ObjectCreated:Copy');
    await put('source');
    await s3.send(new CopyObjectCommand({ Bucket, CopySource: `${Bucket}/source`, Key: 'copy' }));
    replay.note('receive_messages', { messages: await events(1) });
  },
  test_object_created_and_object_removed: async (replay) => {
    const { s3, Bucket, notify, put, events } = await prepared(replay);
    await notify('s3:ObjectCreated:*', 's3:ObjectRemoved:*');
    await put('source');
    await s3.send(new CopyObjectCommand({ Bucket, CopySource: `${Bucket}/source`, Key: 'copy' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'source' }));
    replay.note('receive_messages', { messages: by(await events(3), 'eventName') });
  },
  test_delete_objects: async (replay) => {
    const { s3, Bucket, notify, put, events } = await prepared(replay);
    await notify('s3:ObjectRemoved:*');
    await put('key-1');
    const Objects = ['key-1', 'dummy1', 'dummy2'].map((Key) => ({ Key }));
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    replay.note('receive_messages', { messages: by(await events(3), 's3', 'object', 'key') });
  },
  test_object_created_complete_multipart_upload: async (replay) => {
    const { s3, Bucket, notify, events } = await prepared(replay);
    await notify('s3:ObjectCreated:*');
    const Key = 'test-key';
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const part = { Bucket, Key, UploadId, PartNumber: 1, Body: '1'.repeat(6 * 1024) };
    const { ETag } = await s3.send(new UploadPartCommand(part));
    const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
    await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
    replay.note('receive_messages', { messages: await events(1) });
  },
  test_key_encoding: async (replay) => {
    const { notify, put, events } = await prepared(replay);
    await notify('s3:ObjectCreated:*');
    await put('a@b');
    replay.note('receive_messages', { messages: await events(1) });
  },
  test_object_created_put_with_presigned_url_upload: async (replay) => {
    const { s3, Bucket, notify, events } = await prepared(replay);
    await notify('s3:ObjectCreated:*');
    const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'key-by-hostname' }));
    await fetch(url, { method: 'PUT', body: 'something' });
    replay.note('receive_messages', { messages: await events(1) });
  },
  test_xray_header: async (replay) => {
    const { s3, sqs, Bucket, queue, notify } = await prepared(replay);
    await notify('s3:ObjectCreated:*');
    const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'test-data' }));
    const trace = 'Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1';
    await fetch(url, { method: 'PUT', body: 'something', headers: { 'x-amzn-trace-id': trace } });
    const names = { AttributeNames: ['AWSTraceHeader'], MessageAttributeNames: ['All'] };
    const received = await sqs.collect(queue, 2, { ...names, WaitTimeSeconds: 1 });
    replay.note('receive_messages', {
      messages: received.filter((message) => !textAt(message, 'Body').includes('s3:TestEvent')),
    });
  },
  test_notifications_with_filter: async (replay) => {
    const { QueueArn, configure, configuration, put, events } = await prepared(replay);
    const FilterRules: FilterRule[] = [
      { Name: 'prefix', Value: 'testupload/' },
      { Name: 'suffix', Value: 'testfile.txt' },
    ];
    const Filter = { Key: { FilterRules } };
    await configure({
      QueueConfigurations: [
        { Id: 'id0001', QueueArn, Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:Delete'], Filter },
        { Id: 'id0002', QueueArn, Events: ['s3:ObjectTagging:*'], Filter },
      ],
    });
    replay.note('config', await configuration());
    await put('/testdata', '{"test": "bucket_notification1"}');
    await put('testupload/dir1/testfile.txt', '{"test": "bucket_notification2"}');
    replay.note('message', (await events(1))[0]);
    await configure({});
    replay.note('config_empty', await configuration());
    const plain = { Id: 'id123456', QueueArn, Events: ['s3:ObjectCreated:*' as const] };
    await configure({ QueueConfigurations: [plain] });
    replay.note('config_updated', await configuration());
    const [prefix] = FilterRules;
    const Key = { FilterRules: prefix ? [prefix] : [] };
    await configure({ QueueConfigurations: [{ ...plain, Filter: { Key } }] });
    replay.note('config_updated_filter', await configuration());
  },
  test_filter_rules_case_insensitive: async (replay) => {
    const { QueueArn, configure, configuration } = await prepared(replay);
    const FilterRules = [
      { Name: 'suffix' as const, Value: '.txt' },
      { Name: 'prefix' as const, Value: 'notif-' },
    ];
    const Filter = { Key: { FilterRules } };
    await configure({ QueueConfigurations: [{ QueueArn, Events: ['s3:ObjectCreated:*'], Filter }] }, true);
    const shown = await configuration();
    const path = ['QueueConfigurations', 0, 'Filter', 'Key', 'FilterRules'];
    listAt(shown, ...path).sort((a, b) => (textAt(a, 'Name') < textAt(b, 'Name') ? -1 : 1));
    replay.note('bucket_notification_configuration', shown);
  },
  test_filter_rules_empty_value: async (replay) => {
    const { QueueArn, configure, configuration } = await prepared(replay);
    const Filter = { Key: { FilterRules: [{ Name: 'suffix' as const, Value: '' }] } };
    await configure({ QueueConfigurations: [{ QueueArn, Events: ['s3:ObjectCreated:*'], Filter }] }, true);
    replay.note('bucket_notification_configuration', await configuration());
  },
  test_invalid_sqs_arn: async (replay) => {
    const { configure, configuration } = await prepared(replay);
    const to = (QueueArn: string): NotificationConfiguration => ({
      QueueConfigurations: [{ Id: 'id123', Events: ['s3:ObjectCreated:*'], QueueArn }],
    });
    replay.note('invalid_not_skip', await configure(to('invalid-queue'), false));
    replay.note('invalid_skip', await configure(to('invalid-queue'), true));
    const gone = to(missing(replay, 'sqs', 'my-queue'));
    replay.note('queue-does-not-exist', await configure(gone));
    await configure(gone, true);
    replay.note('skip_destination_validation', await configuration());
  },
  test_multiple_invalid_sqs_arns: async (replay) => {
    const { configure } = await prepared(replay);
    const two = (first: string, second: string): NotificationConfiguration => ({
      QueueConfigurations: [
        { Id: 'id1', Events: ['s3:ObjectCreated:*'], QueueArn: first },
        { Id: 'id2', Events: ['s3:ObjectRemoved:*'], QueueArn: second },
      ],
    });
    const gone = missing(replay, 'sqs', replay.name());
    replay.note('two-queue-arns-invalid', await configure(two('invalid_arn', 'invalid_arn_2')));
    replay.note('one-queue-invalid-one-not-existent', await configure(two(gone, 'invalid_arn_2')));
    const also = missing(replay, 'sqs', replay.name());
    replay.note('multiple-queues-do-not-exist', await configure(two(gone, also)));
  },
  's3_notifications_sns test_object_created_put': async (replay) => {
    const { Bucket, sqs, queue, configure, put } = await prepared(replay);
    const TopicArn = await topicOf(replay, Bucket, sqs, queue);
    await configure({ TopicConfigurations: [{ TopicArn, Events: ['s3:ObjectCreated:*'] }] });
    await put('bucket-key', 'first event');
    await put('bucket-key', 'second event');
    const messages = (await notifications(sqs, queue, 3)).sort(
      (a, b) => pythonJson(a).length - pythonJson(b).length,
    );
    replay.note('receive_messages', { messages });
  },
  test_bucket_notifications_with_filter: async (replay) => {
    const { Bucket, sqs, queue, configure, put } = await prepared(replay);
    const TopicArn = await topicOf(replay, Bucket, sqs, queue);
    const Filter = { Key: { FilterRules: [{ Name: 'prefix' as const, Value: 'testupload/' }] } };
    const one = { Id: 'id123', TopicArn, Events: ['s3:ObjectCreated:*' as const], Filter };
    await configure({ TopicConfigurations: [one] });
    await put('test/dir1/myfile.txt', '{"test": "bucket_notification one"}');
    await put('testupload/dir1/testfile.txt', '{"test": "bucket_notification one"}');
    replay.note('message', (await notifications(sqs, queue, 2))[0]);
  },
  test_bucket_not_exist: async (replay) => {
    const TopicArn = missing(replay, 'sns', 'my-topic');
    const answer = await refusal(() =>
      s3Client(replay).send(
        new PutBucketNotificationConfigurationCommand({
          Bucket: replay.name(),
          NotificationConfiguration: {
            TopicConfigurations: [{ Id: 'id123', Events: ['s3:ObjectCreated:*'], TopicArn }],
          },
          SkipDestinationValidation: true,
        }),
      ),
    );
    replay.note('bucket_not_exists', answer);
  },
  test_invalid_topic_arn: async (replay) => {
    const { configure, configuration } = await prepared(replay);
    const to = (TopicArn: string): NotificationConfiguration => ({
      TopicConfigurations: [{ Id: 'id123', Events: ['s3:ObjectCreated:*'], TopicArn }],
    });
    replay.note('invalid_not_skip', await configure(to('invalid-topic'), false));
    replay.note('invalid_skip', await configure(to('invalid-topic'), true));
    const gone = to(missing(replay, 'sns', 'my-topic'));
    replay.note('topic-does-not-exist', await configure(gone));
    await configure(gone, true);
    replay.note('skip_destination_validation', await configuration());
  },
};

/** A topic that the bucket may publish to, with the queue subscribed. */
const topicOf = async (replay: Replay, bucket: string, sqs: SqsSteps, queue: string): Promise<string> => {
  const sns = new SnsSteps(replay);
  const TopicArn = await sns.topic();
  await sns.subscribeQueue(sqs, TopicArn, queue);
  const AttributeValue = policy(bucket, 'sns:Publish', TopicArn);
  await sns.call('SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue });
  return TopicArn;
};

/** The notifications of a topic that came, without the one that tests the destination. */
const notifications = async (sqs: SqsSteps, queue: string, count: number): Promise<unknown[]> =>
  (await sqs.collect(queue, count, { WaitTimeSeconds: 1 }))
    .map((message): unknown => JSON.parse(textAt(message, 'Body')))
    .filter((notification) => !textAt(notification, 'Message').includes('s3:TestEvent'));
