import { z } from 'zod';
import { resourceType } from './resource-type.ts';

export const s3BucketPolicy = resourceType({
  type: 'AWS::S3::BucketPolicy',
  attributes: [],
  properties: z.strictObject({ Bucket: z.string(), PolicyDocument: z.unknown() }),
  create: async ({ Bucket, PolicyDocument }, { cloud, logicalId }) => {
    cloud.iam.putResourcePolicy(`arn:aws:s3:::${Bucket}`, logicalId, PolicyDocument);
    return { ref: Bucket };
  },
});
