import { z } from 'zod';
import { resourceType } from './resource-type.ts';

/** What `autoDeleteObjects` of a CDK bucket adds: it acts when a stack is deleted. */
export const customS3AutoDeleteObjects = resourceType({
  type: 'Custom::S3AutoDeleteObjects',
  attributes: [],
  properties: z.strictObject({ ServiceToken: z.string(), BucketName: z.string() }),
  create: async ({ BucketName }) => ({ ref: BucketName }),
  limits: () => [{ reason: 'stacks are not deleted on this machine' }],
});
