import { z } from 'zod';
import { acceptedNotEmulated, cfnBoolean, cfnNumber, cfnTags, resourceType } from './resource-type.ts';

const jsonDocument = z.union([
  z.record(z.string(), z.unknown()).transform((document) => JSON.stringify(document)),
  z.string(),
]);

const fifoSuffix = '.fifo';

export const queue = resourceType({
  type: 'AWS::SQS::Queue',
  attributes: ['Arn', 'QueueName', 'QueueUrl'],
  properties: z.strictObject({
    QueueName: z.string().optional(),
    FifoQueue: cfnBoolean.optional(),
    ContentBasedDeduplication: cfnBoolean.optional(),
    DeduplicationScope: z.enum(['queue', 'messageGroup']).optional(),
    FifoThroughputLimit: z.enum(['perQueue', 'perMessageGroupId']).optional(),
    DelaySeconds: cfnNumber.optional(),
    MaximumMessageSize: cfnNumber.optional(),
    MessageRetentionPeriod: cfnNumber.optional(),
    ReceiveMessageWaitTimeSeconds: cfnNumber.optional(),
    VisibilityTimeout: cfnNumber.optional(),
    RedrivePolicy: jsonDocument.optional(),
    RedriveAllowPolicy: jsonDocument.optional(),
    KmsMasterKeyId: acceptedNotEmulated('nothing is encrypted at rest on this machine'),
    KmsDataKeyReusePeriodSeconds: acceptedNotEmulated('nothing is encrypted at rest on this machine'),
    SqsManagedSseEnabled: acceptedNotEmulated('nothing is encrypted at rest on this machine'),
    Tags: cfnTags,
  }),
  create: async ({ QueueName, ...properties }, { cloud, name: generate }) => {
    const fifo = properties.FifoQueue === true;
    const name = QueueName ?? generate({ maxLength: 80, ...(fifo && { suffix: fifoSuffix }) });
    const { arn, url } = await cloud.sqs.createQueue({ name, attributes: attributesOf(properties) });
    return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
  },
});

/** CloudFormation's properties are named like the attributes of the API, which takes strings only. */
const attributesOf = (properties: Readonly<Record<string, unknown>>): Record<string, string> => {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(properties)) {
    const emulated = typeof value === 'string' || typeof value === 'number' || value === true;
    if (emulated && !notEmulated.has(name)) attributes[name] = String(value);
  }
  return attributes;
};

const notEmulated = new Set([
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
  'Tags',
]);
