import { z } from 'zod';
import { acceptedNotEmulated, cfnBoolean, resourceType } from './resource-type.ts';

/** CloudFormation takes a policy as an object, or as its JSON text. */
const json = z.union([
  z.string(),
  z.record(z.string(), z.unknown()).transform((policy) => JSON.stringify(policy)),
]);

const properties = z.strictObject({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z.string(),
  DeliveryPolicy: json.optional(),
  FilterPolicy: json.optional(),
  FilterPolicyScope: z.enum(['MessageAttributes', 'MessageBody']).optional(),
  RawMessageDelivery: cfnBoolean.transform(String).optional(),
  RedrivePolicy: json.optional(),
  Region: acceptedNotEmulated('there is one region on this machine'),
});

/** To people: on AWS such a subscription waits for its confirmation, and counts for nothing until then. */
const toPeople = (protocol: string) => ['email', 'email-json', 'sms'].includes(protocol);

export const snsSubscription = resourceType({
  type: 'AWS::SNS::Subscription',
  attributes: ['Arn'],
  properties,
  create: async ({ TopicArn, Protocol, Endpoint, Region: _, ...given }, { cloud }) => {
    if (toPeople(Protocol)) return { ref: 'PendingConfirmation', attributes: { Arn: 'PendingConfirmation' } };
    const attributes = Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    const { subscriptionArn } = await cloud.sns.subscribe({
      topicArn: TopicArn,
      protocol: Protocol,
      endpoint: Endpoint,
      attributes,
    });
    return { ref: subscriptionArn, attributes: { Arn: subscriptionArn } };
  },
  limits: ({ Protocol }) =>
    toPeople(Protocol) ? [{ property: 'Protocol', reason: 'nobody is written to from this machine' }] : [],
});
