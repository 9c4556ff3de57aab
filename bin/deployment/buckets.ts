import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { emptyBucket } from './empty-bucket.ts';
import { resourcesOf } from './stack-resources.ts';

/** Empties the buckets that are in the stacks. A stack that is not there has none. */
export const emptyBucketsOf = async (stackNames: readonly string[]): Promise<void> => {
  const cloudFormation = new CloudFormationClient({});
  const s3 = new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined });
  try {
    for (const stack of stackNames) {
      const resources = await resourcesOf(cloudFormation, stack);
      for (const { name } of resources.filter(({ type }) => type === 'AWS::S3::Bucket')) {
        const deleted = await emptyBucket(s3, name);
        if (deleted > 0) console.log(`${stack}: ${name} emptied, ${deleted} objects`);
      }
    }
  } finally {
    cloudFormation.destroy();
    s3.destroy();
  }
};
