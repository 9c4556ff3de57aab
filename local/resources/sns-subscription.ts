import { z } from 'zod';
import { isUnresolved } from '../assembly/intrinsics.ts';
import { FilterPolicy, InvalidFilterPolicy } from '../services/sns/filter-policy.ts';
import { jsonText } from '../services/sqs/queue-attributes.ts';
import { acceptedNotEmulated, cfnBoolean, resourceType } from './resource-type.ts';

/** CloudFormation takes a policy as an object, or as its JSON text. */
const json = z.union([
  z.string(),
  z.record(z.string(), z.unknown()).transform((policy) => JSON.stringify(policy)),
]);

/** Any other is refused by name. */
const protocol = z.enum(['email', 'email-json', 'http', 'https', 'lambda', 'sms', 'sqs']);

const properties = z.strictObject({
  TopicArn: z.string(),
  Protocol: protocol,
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

/** What Subscribe would refuse of a filter policy that is known. */
const filterPolicyProblems = (given: Readonly<Record<string, unknown>>): string[] => {
  const { FilterPolicy: policy, FilterPolicyScope: scope } = given;
  if (policy === undefined || isUnresolved(policy) || isUnresolved(scope)) return [];
  const { data } = json.pipe(z.string()).pipe(jsonText).safeParse(policy);
  try {
    new FilterPolicy(data, scope === 'MessageBody' ? scope : 'MessageAttributes');
    return [];
  } catch (error) {
    if (error instanceof InvalidFilterPolicy) return [`property "FilterPolicy": ${error.message}`];
    throw error;
  }
};

export const snsSubscription = resourceType({
  type: 'AWS::SNS::Subscription',
  attributes: ['Arn'],
  properties,
  problems: filterPolicyProblems,
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
