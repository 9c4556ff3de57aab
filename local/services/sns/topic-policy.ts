import { z } from 'zod';
import { invalidParameter } from './errors.ts';
import type { Topic } from './model.ts';

const statement = z.looseObject({ Sid: z.string().optional() });
/** IAM takes one statement without its array, too. */
const policySchema = z.looseObject({
  Statement: z.union([z.array(statement), statement.transform((only) => [only])]),
});
type Policy = z.output<typeof policySchema>;

const OWNER_ACTIONS = [
  'GetTopicAttributes',
  'SetTopicAttributes',
  'AddPermission',
  'RemovePermission',
  'DeleteTopic',
  'Subscribe',
  'ListSubscriptionsByTopic',
  'Publish',
];

/** A topic's policy, or what AWS shows for a topic without one. */
export const policyOf = ({ arn, attributes }: Topic, account: string): Policy =>
  attributes.Policy === undefined
    ? defaultPolicy(arn, account)
    : policySchema.parse(JSON.parse(attributes.Policy));

const defaultPolicy = (topicArn: string, account: string): Policy => ({
  Version: '2008-10-17',
  Id: '__default_policy_ID',
  Statement: [
    {
      Sid: '__default_statement_ID',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: OWNER_ACTIONS.map((action) => `SNS:${action}`),
      Resource: topicArn,
      Condition: { StringEquals: { 'AWS:SourceOwner': account } },
    },
  ],
});

/** AddPermission. Throws AwsError InvalidParameter, as recorded. */
export const addStatement = (
  policy: Policy,
  topicArn: string,
  permission: {
    readonly label: string;
    readonly accounts: readonly string[];
    readonly actions: readonly string[];
  },
): Policy => {
  const { label, accounts, actions } = permission;
  if (policy.Statement.some(({ Sid }) => Sid === label)) throw invalidParameter('Statement already exists');
  if (actions.some((action) => !OWNER_ACTIONS.includes(action)))
    throw invalidParameter('Policy statement action out of service scope!');
  const added = {
    Sid: label,
    Effect: 'Allow',
    Principal: { AWS: oneOrAll(accounts.map((account) => `arn:aws:iam::${account}:root`)) },
    Action: oneOrAll(actions.map((action) => `SNS:${action}`)),
    Resource: topicArn,
  };
  return { ...policy, Statement: [...policy.Statement, added] };
};

/** RemovePermission. */
export const removeStatement = (policy: Policy, label: string): Policy => ({
  ...policy,
  Statement: policy.Statement.filter(({ Sid }) => Sid !== label),
});

const oneOrAll = (values: readonly string[]): string | readonly string[] | undefined =>
  values.length === 1 ? values[0] : values;
