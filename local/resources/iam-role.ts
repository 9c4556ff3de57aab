import { createHash } from 'node:crypto';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { isUnknownAwsPolicy, managedPolicy } from './managed-policies.ts';
import { identityPolicyProblems } from './policy-problems.ts';
import { acceptedNotEmulated, cfnTags, resourceType } from './resource-type.ts';

const inlinePolicy = z.object({ PolicyName: z.unknown(), PolicyDocument: z.unknown() });

/** AWS::IAM::Role: what its policies grant is what its holder may do here. */
export const iamRole = resourceType({
  type: 'AWS::IAM::Role',
  attributes: ['Arn', 'RoleId'],
  properties: z.strictObject({
    RoleName: z.string().optional(),
    Path: z.string().startsWith('/').endsWith('/').default('/'),
    Policies: z
      .array(z.strictObject({ PolicyName: z.string(), PolicyDocument: z.looseObject({}) }))
      .default([]),
    ManagedPolicyArns: z.array(z.string()).default([]),
    AssumeRolePolicyDocument: acceptedNotEmulated(
      'each service assumes the roles that the template gives it',
    ),
    Description: acceptedNotEmulated('a description has no effect'),
    MaxSessionDuration: acceptedNotEmulated('credentials do not expire on this machine'),
    Tags: cfnTags,
  }),
  problems: ({ Policies }) =>
    (Array.isArray(Policies) ? Policies : []).flatMap((policy: unknown) => {
      const { data } = inlinePolicy.safeParse(policy);
      return data ? identityPolicyProblems('Policies', data.PolicyName, data.PolicyDocument) : [];
    }),
  create: async (properties, context) => {
    const { iam, account } = context.cloud;
    const name = properties.RoleName ?? context.name({ maxLength: 64 });
    const arn = `arn:aws:iam::${account}:role${properties.Path}${name}`;
    iam.putRole(
      arn,
      Object.fromEntries(
        properties.Policies.map(({ PolicyName, PolicyDocument }) => [PolicyName, PolicyDocument]),
      ),
    );
    for (const policyArn of properties.ManagedPolicyArns.filter((policy) => !isUnknownAwsPolicy(policy))) {
      const document = managedPolicy(iam, policyArn);
      if (document === undefined) throw new UserError(`there is no managed policy ${policyArn}`);
      iam.attachPolicy(arn, policyArn, document);
    }
    return { ref: name, attributes: { Arn: arn, RoleId: roleId(arn) } };
  },
  limits: ({ ManagedPolicyArns }) =>
    ManagedPolicyArns.filter(isUnknownAwsPolicy).map((arn) => ({
      property: 'ManagedPolicyArns',
      reason: `${arn.slice(arn.indexOf('/') + 1)} is not known here and grants nothing`,
    })),
});

const roleId = (arn: string): string =>
  `AROA${createHash('sha256').update(arn).digest('hex').slice(0, 17).toUpperCase()}`;
