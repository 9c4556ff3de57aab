import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { emptyBucket } from './empty-bucket.ts';

/** Empties the buckets that are in the stacks. A stack that is not there has none. */
export const emptyBucketsOf = async (stackNames: readonly string[]): Promise<void> => {
  const cloudFormation = new CloudFormationClient({});
  const s3 = new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined });
  try {
    for (const stack of stackNames) {
      for (const bucket of await bucketsOf(cloudFormation, stack)) {
        const deleted = await emptyBucket(s3, bucket);
        if (deleted > 0) console.log(`${stack}: ${bucket} emptied, ${deleted} objects`);
      }
    }
  } finally {
    cloudFormation.destroy();
    s3.destroy();
  }
};

const bucketsOf = async (client: CloudFormationClient, stack: string): Promise<readonly string[]> => {
  const buckets: string[] = [];
  try {
    for await (const page of paginateListStackResources({ client }, { StackName: stack })) {
      for (const { ResourceType, ResourceStatus, PhysicalResourceId } of page.StackResourceSummaries ?? []) {
        const there = ResourceType === 'AWS::S3::Bucket' && ResourceStatus !== 'DELETE_COMPLETE';
        if (there && PhysicalResourceId !== undefined) buckets.push(PhysicalResourceId);
      }
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return buckets;
};

const isMissing = (error: unknown): boolean => error instanceof Error && /does not exist/.test(error.message);
