import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { App } from '../../app/app.ts';
import { sourcesOf } from '../../app/consumers.ts';

/** What Lambda writes for records that it gave up ("Capturing discarded batches for Amazon MSK and self-managed Apache Kafka event sources"). */
const Discarded = z.object({
  requestContext: z.object({ condition: z.string(), approximateInvokeCount: z.number() }),
  payload: z.string(),
});

const Payload = z.object({ records: z.record(z.string(), z.array(z.object({ value: z.base64() }))) });

export interface KafkaFailure {
  readonly condition: string;
  readonly invocations: number;
  /** `topic-partition` */
  readonly partition: string;
  /** The values, as they were produced. */
  readonly values: readonly string[];
}

/** What was given up of a consumer of the activity topic, where this value is among it. */
export const failuresOf = async (app: App, functionName: string, value: string): Promise<KafkaFailure[]> => {
  const Bucket = app.output('KafkaFailuresBucketName');
  const failures: KafkaFailure[] = [];
  for (const { UUID } of await sourcesOf(app, functionName)) {
    const pages = paginateListObjectsV2({ client: app.s3 }, { Bucket, Prefix: `aws/lambda/${UUID}/` });
    for await (const { Contents = [] } of pages) {
      for (const { Key } of Contents) {
        const { Body } = await app.s3.send(new GetObjectCommand({ Bucket, Key }));
        failures.push(...failuresIn((await Body?.transformToString()) ?? ''));
      }
    }
  }
  return failures.filter(({ values }) => values.includes(value));
};

const failuresIn = (text: string): KafkaFailure[] => {
  const { requestContext, payload } = Discarded.parse(JSON.parse(text));
  const { records: byPartition } = Payload.parse(JSON.parse(payload));
  return Object.entries(byPartition).map(([partition, records]) => ({
    condition: requestContext.condition,
    invocations: requestContext.approximateInvokeCount,
    partition,
    values: records.map(({ value }) => Buffer.from(value, 'base64').toString()),
  }));
};
