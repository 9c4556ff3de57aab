import { z } from 'zod';
import { isUnresolved, UNRESOLVED } from '../assembly/intrinsics.ts';
import { SqsError } from '../services/sqs/errors.ts';
import { checkAttributes, checkTogether } from '../services/sqs/queue-attributes.ts';
import { checkName } from '../services/sqs/queue-registry.ts';
import { parseRedrivePolicy } from '../services/sqs/redrive-policy.ts';
import { filledIn } from './filled-in.ts';
import { acceptedNotEmulated, cfnBoolean, cfnNumber, cfnTags, resourceType } from './resource-type.ts';

const jsonDocument = z.union([
  z.record(z.string(), z.unknown()).transform((document) => JSON.stringify(document)),
  z.string(),
]);

const fifoSuffix = '.fifo';

/** Stands for what is not known yet: a dead-letter queue, mostly. */
const SOME_ARN = 'arn:aws:sqs:us-east-1:000000000000:queue';

const properties = z.strictObject({
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
});

/** What CreateQueue would refuse of each property that is known. */
const queueProblems = (given: Readonly<Record<string, unknown>>): string[] => {
  // What the schema does not know is told by it.
  const { success, data } = z.object(properties.shape).safeParse(filledIn(given, SOME_ARN));
  if (!success) return [];
  const fifo = data.FifoQueue === true;
  const { QueueName: name, ...others } = data;
  const attributes = Object.entries(attributesOf(others)).filter(([key]) => !isUnresolved(given[key]));
  return [
    ...(name === undefined || isUnresolved(given.QueueName)
      ? []
      : faultOf('QueueName', () => checkName(name, fifo))),
    ...attributes.flatMap(([key, value]) => faultOf(key, () => checkAttributes({ [key]: value }, fifo))),
    ...(isUnresolved(given.DeduplicationScope)
      ? []
      : faultOf('FifoThroughputLimit', () => checkTogether(Object.fromEntries(attributes)))),
    ...(data.RedrivePolicy === undefined || given.RedrivePolicy === UNRESOLVED
      ? []
      : faultOf('RedrivePolicy', () => parseRedrivePolicy(data.RedrivePolicy ?? ''))),
  ];
};

const faultOf = (property: string, check: () => unknown): string[] => {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof SqsError) return [`property "${property}": ${error.message}`];
    throw error;
  }
};

export const queue = resourceType({
  type: 'AWS::SQS::Queue',
  attributes: ['Arn', 'QueueName', 'QueueUrl'],
  properties,
  problems: queueProblems,
  create: async ({ QueueName, ...given }, { cloud, name: generate }) => {
    const fifo = given.FifoQueue === true;
    const name = QueueName ?? generate({ maxLength: 80, ...(fifo && { suffix: fifoSuffix }) });
    const { arn, url } = await cloud.sqs.createQueue({ name, attributes: attributesOf(given) });
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
