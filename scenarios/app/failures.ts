import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { App } from './app.ts';
import { sourcesOf } from './consumers.ts';

/** What Lambda writes for records that it gave up ("Retaining discarded batch records for a Kinesis Data Streams event source"). */
const Discarded = z.object({
  requestContext: z.object({ condition: z.string(), approximateInvokeCount: z.number() }),
  KinesisBatchInfo: z.object({ shardId: z.string() }),
  payload: z.string(),
});

const Payload = z.object({ Records: z.array(z.object({ kinesis: z.object({ data: z.base64() }) })) });

export interface StreamFailure {
  readonly condition: string;
  readonly invocations: number;
  readonly shard: string;
  /** The records, as they were put. */
  readonly records: readonly string[];
}

/** The batches with this record that were given up for this consumer of the activity stream. */
export const failuresOf = async (app: App, functionName: string, text: string): Promise<StreamFailure[]> => {
  const Bucket = app.output('ActivityFailuresBucketName');
  const failures: StreamFailure[] = [];
  for (const { UUID } of await sourcesOf(app, functionName)) {
    const pages = paginateListObjectsV2({ client: app.s3 }, { Bucket, Prefix: `aws/lambda/${UUID}/` });
    for await (const { Contents = [] } of pages) {
      for (const { Key } of Contents) {
        const { Body } = await app.s3.send(new GetObjectCommand({ Bucket, Key }));
        failures.push(failureOf((await Body?.transformToString()) ?? ''));
      }
    }
  }
  return failures.filter(({ records }) => records.includes(text));
};

const failureOf = (text: string): StreamFailure => {
  const { requestContext, KinesisBatchInfo, payload } = Discarded.parse(JSON.parse(text));
  const { Records } = Payload.parse(JSON.parse(payload));
  return {
    condition: requestContext.condition,
    invocations: requestContext.approximateInvokeCount,
    shard: KinesisBatchInfo.shardId,
    records: Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString()),
  };
};
