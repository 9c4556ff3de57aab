import { z } from 'zod';
import type { TopicSpec } from '../services/sns/service.ts';
import { acceptedNotEmulated, cfnBoolean, cfnNumber, resourceType } from './resource-type.ts';

const properties = z.strictObject({
  TopicName: z.string().optional(),
  DisplayName: z.string().optional(),
  FifoTopic: cfnBoolean.optional(),
  ContentBasedDeduplication: cfnBoolean.optional(),
  FifoThroughputScope: z.enum(['Topic', 'MessageGroup']).optional(),
  MaximumMessageSize: cfnNumber.optional(),
  SignatureVersion: z.union([z.enum(['1', '2']), z.number().transform(String)]).optional(),
  Subscription: z
    .array(z.strictObject({ Protocol: z.enum(['http', 'https', 'lambda', 'sqs']), Endpoint: z.string() }))
    .optional(),
  Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).optional(),
  KmsMasterKeyId: acceptedNotEmulated('nothing is encrypted at rest on this machine'),
  TracingConfig: acceptedNotEmulated('there is no AWS X-Ray on this machine; see the local trace'),
  DeliveryStatusLogging: acceptedNotEmulated('every delivery is on the local trace'),
  DataProtectionPolicy: acceptedNotEmulated('messages are not inspected for sensitive data on this machine'),
});

/** The properties that are attributes of CreateTopic, by the same names. */
const attributesOf = (given: z.output<typeof properties>): Record<string, string> => {
  const {
    DisplayName,
    FifoTopic,
    ContentBasedDeduplication,
    FifoThroughputScope,
    MaximumMessageSize,
    SignatureVersion,
  } = given;
  const attributes = {
    DisplayName,
    FifoTopic,
    ContentBasedDeduplication,
    FifoThroughputScope,
    MaximumMessageSize,
    SignatureVersion,
  };
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );
};

export const snsTopic = resourceType({
  type: 'AWS::SNS::Topic',
  attributes: ['TopicArn', 'TopicName'],
  properties,
  create: async (given, { cloud, name }) => {
    const suffix = given.FifoTopic ? '.fifo' : '';
    const topic: TopicSpec = {
      name: given.TopicName ?? name({ maxLength: 256, suffix }),
      attributes: attributesOf(given),
      tags: Object.fromEntries((given.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
    };
    const { topicArn } = await cloud.sns.createTopic(topic);
    for (const { Protocol, Endpoint } of given.Subscription ?? [])
      await cloud.sns.subscribe({ topicArn, protocol: Protocol, endpoint: Endpoint });
    return { ref: topicArn, attributes: { TopicArn: topicArn, TopicName: topic.name } };
  },
});
