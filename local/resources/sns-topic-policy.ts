import { z } from 'zod';
import { resourcePolicyProblems } from './policy-problems.ts';
import { resourceType } from './resource-type.ts';

export const snsTopicPolicy = resourceType({
  type: 'AWS::SNS::TopicPolicy',
  attributes: ['Id'],
  properties: z.strictObject({
    Topics: z.array(z.string()),
    PolicyDocument: z.record(z.string(), z.unknown()),
  }),
  problems: ({ PolicyDocument }) => resourcePolicyProblems('sns', 'PolicyDocument', PolicyDocument),
  create: async ({ Topics, PolicyDocument }, { cloud, logicalId, stack }) => {
    for (const topicArn of Topics) await cloud.sns.setPolicy(topicArn, PolicyDocument);
    return { ref: `${stack}-${logicalId}`, attributes: { Id: `${stack}-${logicalId}` } };
  },
});
