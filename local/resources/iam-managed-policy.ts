import { z } from 'zod';
import { rememberManagedPolicy } from './managed-policies.ts';
import { identityPolicyProblems } from './policy-problems.ts';
import { acceptedNotEmulated, resourceType } from './resource-type.ts';

/** AWS::IAM::ManagedPolicy: attached to the roles that it names, and to those that name it. */
export const iamManagedPolicy = resourceType({
  type: 'AWS::IAM::ManagedPolicy',
  attributes: ['PolicyArn'],
  properties: z.strictObject({
    ManagedPolicyName: z.string().optional(),
    Path: z.string().startsWith('/').endsWith('/').default('/'),
    PolicyDocument: z.looseObject({}),
    Roles: z.array(z.string()).default([]),
    Description: acceptedNotEmulated('a description has no effect'),
  }),
  problems: ({ ManagedPolicyName, PolicyDocument }) =>
    identityPolicyProblems('PolicyDocument', ManagedPolicyName, PolicyDocument),
  create: async (properties, context) => {
    const { iam, account } = context.cloud;
    const name = properties.ManagedPolicyName ?? context.name({ maxLength: 128 });
    const arn = `arn:aws:iam::${account}:policy${properties.Path}${name}`;
    rememberManagedPolicy(iam, arn, properties.PolicyDocument);
    for (const role of properties.Roles)
      iam.attachPolicy(`arn:aws:iam::${account}:role/${role}`, arn, properties.PolicyDocument);
    return { ref: arn, attributes: { PolicyArn: arn } };
  },
});
