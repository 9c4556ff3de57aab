import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { UserError } from '../../local/errors.ts';

/**
 * Deletes every object of a bucket, in all of its versions. CloudFormation deletes empty buckets only.
 *
 * @returns how many were deleted
 * @throws {UserError} when one may not be deleted
 */
export const emptyBucket = async (s3: S3Client, bucket: string): Promise<number> => {
  let deleted = 0;
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: bucket }),
    );
    const objects = [...Versions, ...DeleteMarkers].flatMap(({ Key, VersionId }) =>
      Key === undefined ? [] : [{ Key, VersionId }],
    );
    if (objects.length === 0) return deleted;
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }),
    );
    const [first] = Errors;
    if (first)
      throw new UserError(`${bucket}: ${first.Key} cannot be deleted: ${first.Message ?? first.Code}`);
    deleted += objects.length;
  }
};
