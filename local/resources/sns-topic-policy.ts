import { z } from 'zod';
import { resourceType } from './resource-type.ts';

export const snsTopicPolicy = resourceType({
  type: 'AWS::SNS::TopicPolicy',
  attributes: ['Id'],
  properties: z.strictObject({
    Topics: z.array(z.string()),
    PolicyDocument: z.record(z.string(), z.unknown()),
  }),
  create: async ({ Topics, PolicyDocument }, { cloud, logicalId, stack }) => {
    for (const topicArn of Topics) await cloud.sns.setPolicy(topicArn, PolicyDocument);
    return { ref: `${stack}-${logicalId}`, attributes: { Id: `${stack}-${logicalId}` } };
  },
});
