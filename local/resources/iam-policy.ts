import { z } from 'zod';
import { identityPolicyProblems } from './policy-problems.ts';
import { resourceType } from './resource-type.ts';

/** AWS::IAM::Policy: an inline policy of the roles that it names. Users and groups are not supported. */
export const iamPolicy = resourceType({
  type: 'AWS::IAM::Policy',
  attributes: ['Id'],
  properties: z.strictObject({
    PolicyName: z.string(),
    PolicyDocument: z.looseObject({}),
    Roles: z.array(z.string()).min(1),
  }),
  problems: ({ PolicyName, PolicyDocument }) =>
    identityPolicyProblems('PolicyDocument', PolicyName, PolicyDocument),
  create: async ({ PolicyName, PolicyDocument, Roles }, { cloud: { iam, account }, name }) => {
    for (const role of Roles)
      iam.attachPolicy(`arn:aws:iam::${account}:role/${role}`, PolicyName, PolicyDocument);
    return { ref: PolicyName, attributes: { Id: name({ maxLength: 128 }) } };
  },
});
