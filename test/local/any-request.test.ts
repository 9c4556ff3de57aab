import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { kinesisOperations } from '../../local/services/kinesis/protocol.ts';
import { snsOperations } from '../../local/services/sns/protocol.ts';
import { sqsOperations } from '../../local/services/sqs/protocol.ts';
import { type RunningCloud, startCloud } from '../../local/start-cloud.ts';

const TOPIC_ARN = 'arn:aws:sns:us-east-1:000000000000:topic';
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:queue';
let dataDir: string;
let running: RunningCloud;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'any-request-'));
  running = await startCloud({ port: 0, dataDir });
  await running.cloud.sqs.createQueue({ name: 'queue', attributes: {} });
  await running.cloud.sns.createTopic({ name: 'topic' });
  await running.cloud.kinesis.ensureStream({ name: 'stream' });
});

afterEach(async () => {
  await running.close();
  await rm(dataDir, { recursive: true });
});

/** What is kept under these names is read again at the next start. */
const documentNames = fc.constantFrom('Policy', 'RedrivePolicy', 'FilterPolicy', 'DeliveryPolicy');
const documents = fc.constantFrom(
  ...['{}', '[]', 'null', '{"a":', '{"Statement":[{}]}', '{"Statement":[]}', '{"deadLetterTargetArn":5}'],
  ...['{"a":[{"numeric":[">"]}]}', '{"$or":[{"a":["x"]},{"b":[{"cidr":"1/2"}]}]}', '{"http":null}'],
);
/** Texts that mean something somewhere, mostly where they do not belong. */
const telling = fc.oneof(
  documents,
  fc.constantFrom(
    ...['sqs', 'http', 'json', 'String', 'Number', 'LATEST', 'AT_TIMESTAMP', 'shardId-000000000000', '-1'],
    ...[TOPIC_ARN, QUEUE_ARN],
  ),
);
const text = fc.oneof(telling, fc.string({ unit: 'binary', maxLength: 8 }));
const anything = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }));

const pieces = [
  'Id',
  'Name',
  'Key',
  'DataType',
  'StringValue',
  'MessageBody',
  'Data',
  'PartitionKey',
  'Type',
];
const names = [
  ...['QueueName', 'Entries', 'MessageBody', 'MessageAttributes', 'MessageGroupId', 'ReceiptHandle', 'Label'],
  ...[
    'AttributeNames',
    'Actions',
    'AWSAccountIds',
    'SourceArn',
    'TaskHandle',
    'Tags',
    'TagKeys',
    'MaxResults',
  ],
  ...['NextToken', 'StreamARN', 'Records', 'Data', 'PartitionKey', 'ExplicitHashKey', 'ShardId', 'Timestamp'],
  ...['ShardIteratorType', 'ShardIterator', 'ShardFilter', 'ConsumerName', 'ShardToSplit', 'Limit'],
];
const nested = fc.dictionary(fc.constantFrom(...pieces), anything, { maxKeys: 4, noNullPrototype: true });
const attributes = fc.dictionary(documentNames, documents, { maxKeys: 1, noNullPrototype: true });
const value = fc.oneof(anything, nested, fc.array(nested, { maxLength: 3 }));
const fields = fc
  .tuple(fc.dictionary(fc.constantFrom(...names), value, { noNullPrototype: true }), attributes)
  .map(([others, Attributes]) => ({ ...others, Attributes }));

const send = async (service: string, headers: Record<string, string>, body: string | URLSearchParams) => {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=x`;
  const response = await fetch(running.endpoint, {
    method: 'POST',
    headers: { authorization, ...headers },
    body,
  });
  return { status: response.status, answer: await response.text() };
};

/** What ends a thing would leave nothing to ask; a subscription to a shard has no end. */
const asked = (operations: Iterable<string>): string[] =>
  [...operations].filter((name) => !/^Delete(Queue|Stream|Topic)$|^SubscribeToShard$/.test(name));

const asJson = (service: string, target: string, operations: Iterable<string>, known: object) =>
  fc.tuple(fc.constantFrom(...asked(operations)), fields).map(([operation, given]) => ({
    service,
    headers: { 'x-amz-target': `${target}.${operation}` },
    body: JSON.stringify({ ...given, ...known }),
  }));

const requests = fc.oneof(
  asJson('sqs', 'AmazonSQS', sqsOperations, { QueueUrl: 'http://127.0.0.1/000000000000/queue' }),
  asJson('kinesis', 'Kinesis_20131202', kinesisOperations, { StreamName: 'stream' }),
  fc
    .tuple(
      fc.constantFrom(...asked(snsOperations)),
      fc.dictionary(
        fc.constantFrom(
          ...['Name', 'Message', 'Subject', 'MessageGroupId', 'MessageStructure', 'Protocol', 'Endpoint'],
          ...['SubscriptionArn', 'Token', 'NextToken', 'ResourceArn'],
          ...['Tags.member.1.Key', 'Label'],
          ...['MessageAttributes.entry.1.Name', 'MessageAttributes.entry.1.Value.DataType'],
          'PublishBatchRequestEntries.member.1.Id',
        ),
        text,
        { noNullPrototype: true },
      ),
      documentNames,
      documents,
    )
    .map(([Action, given, name, document]) => ({
      service: 'sns',
      headers: {},
      body: new URLSearchParams({
        ...given,
        ...{ Action, TopicArn: TOPIC_ARN, AttributeName: name, AttributeValue: document },
        ...{ 'Attributes.entry.1.key': name, 'Attributes.entry.1.value': document },
      }).toString(),
    })),
);

test('whatever is asked is answered or refused, and the cloud starts again with what it has kept', async () => {
  await fc.assert(
    fc.asyncProperty(requests, async ({ service, headers, body }) => {
      const { status, answer } = await send(service, headers, body);

      expect({ fault: status >= 500, answer }).toEqual({ fault: false, answer });
    }),
    { numRuns: 2000 },
  );

  await running.close();
  running = await startCloud({ port: 0, dataDir });
}, 60_000);
