import { z } from 'zod';
import { resourcePolicyProblems } from './policy-problems.ts';
import { resourceType } from './resource-type.ts';

export const queuePolicy = resourceType({
  type: 'AWS::SQS::QueuePolicy',
  attributes: [],
  properties: z.strictObject({
    /** URLs, as `Ref` of a queue gives them. */
    Queues: z.array(z.string()).min(1),
    PolicyDocument: z.record(z.string(), z.unknown()),
  }),
  problems: ({ PolicyDocument }) => resourcePolicyProblems('sqs', 'PolicyDocument', PolicyDocument),
  create: async ({ Queues, PolicyDocument }, { cloud, name }) => {
    for (const url of Queues) await cloud.sqs.setPolicy(cloud.sqs.queues.arnOfUrl(url), PolicyDocument);
    return { ref: name() };
  },
});
