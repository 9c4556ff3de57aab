import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A batch of the stream's mapping: what one kill may have delivered and not yet checkpointed, for each shard. */
export const BATCH_SIZE = 10;
export const SHARDS = 2;

/** Notes what it is given in a file of its own: that survives whatever becomes of the cloud. */
const NOTE = `
const { appendFileSync } = require('node:fs');
exports.handler = async ({ Records }) => {
  const lines = Records.map(({ body, kinesis }) =>
    JSON.stringify(kinesis
      ? { text: Buffer.from(kinesis.data, 'base64').toString(), sequenceNumber: kinesis.sequenceNumber }
      : { text: body }));
  appendFileSync(process.env.NOTES, lines.join('\\n') + '\\n');
};`;

const attribute = (resource: string) => ({ 'Fn::GetAtt': [resource, 'Arn'] });

const queue = (name: string, more: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { QueueName: name, ...more },
});

const subscription = (topic: string, subscribed: string) => ({
  Type: 'AWS::SNS::Subscription',
  Properties: {
    TopicArn: { Ref: topic },
    Protocol: 'sqs',
    Endpoint: attribute(subscribed),
    RawMessageDelivery: true,
  },
});

const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
    Policies: [
      {
        PolicyName: 'read',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
              Resource: attribute('Worked'),
            },
            {
              Effect: 'Allow',
              Action: [
                'kinesis:GetRecords',
                'kinesis:GetShardIterator',
                'kinesis:DescribeStream',
                'kinesis:ListShards',
              ],
              Resource: attribute('Stream'),
            },
          ],
        },
      },
    ],
  },
};

const noting = (file: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { ZipFile: NOTE },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: attribute('Role'),
    Timeout: 5,
    Environment: { Variables: { NOTES: file } },
  },
});

const mapping = (source: string, target: string, more: object) => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    EventSourceArn: attribute(source),
    FunctionName: { Ref: target },
    BatchSize: BATCH_SIZE,
    ...more,
  },
});

const template = (streamNotes: string, queueNotes: string) => ({
  Resources: {
    Standard: queue('standard'),
    Fifo: queue('ordered.fifo', { FifoQueue: true }),
    Subscribed: queue('subscribed'),
    Announced: queue('announced.fifo', { FifoQueue: true }),
    Worked: queue('worked'),
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'topic' } },
    Subscription: subscription('Topic', 'Subscribed'),
    OrderedTopic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'ordered.fifo', FifoTopic: true } },
    OrderedSubscription: subscription('OrderedTopic', 'Announced'),
    MayDeliver: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Subscribed' }, { Ref: 'Announced' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'sns.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: '*',
            },
          ],
        },
      },
    },
    Stream: { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'stream', ShardCount: SHARDS } },
    Role: role,
    StreamNoter: noting(streamNotes),
    QueueNoter: noting(queueNotes),
    StreamMapping: mapping('Stream', 'StreamNoter', { StartingPosition: 'TRIM_HORIZON' }),
    QueueMapping: mapping('Worked', 'QueueNoter', {}),
  },
});

export interface Deployed {
  readonly assembly: string;
  /** What the stream's consumer was given, one JSON object a line. */
  readonly streamNotes: string;
  readonly queueNotes: string;
}

/** Writes a cloud assembly of queues, two topics, a stream and two consumers into the directory. */
export const writeAssembly = async (directory: string): Promise<Deployed> => {
  const assembly = join(directory, 'cdk.out');
  const streamNotes = join(directory, 'stream-notes');
  const queueNotes = join(directory, 'queue-notes');
  await mkdir(assembly, { recursive: true });
  const manifest = {
    version: '48.0.0',
    artifacts: {
      Crash: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Crash.template.json' } },
    },
  };
  await writeFile(join(assembly, 'manifest.json'), JSON.stringify(manifest));
  await writeFile(
    join(assembly, 'Crash.template.json'),
    JSON.stringify(template(streamNotes, queueNotes), null, 2),
  );
  for (const notes of [streamNotes, queueNotes]) await writeFile(notes, '');
  return { assembly, streamNotes, queueNotes };
};
