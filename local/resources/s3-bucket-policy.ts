import { z } from 'zod';
import { resourcePolicyProblems } from './policy-problems.ts';
import { resourceType } from './resource-type.ts';

export const s3BucketPolicy = resourceType({
  type: 'AWS::S3::BucketPolicy',
  attributes: [],
  properties: z.strictObject({ Bucket: z.string(), PolicyDocument: z.unknown() }),
  problems: ({ PolicyDocument }) => resourcePolicyProblems('s3', 'PolicyDocument', PolicyDocument),
  create: async ({ Bucket, PolicyDocument }, { cloud, logicalId }) => {
    cloud.iam.putResourcePolicy(`arn:aws:s3:::${Bucket}`, logicalId, PolicyDocument);
    return { ref: Bucket };
  },
});
