import { z } from 'zod';
import { cfnTags, resourceType } from './resource-type.ts';

/** `Ref` is the ARN, whose last part is the time of the registration in seconds. */
export const kinesisStreamConsumer = resourceType({
  type: 'AWS::Kinesis::StreamConsumer',
  attributes: ['ConsumerARN', 'ConsumerCreationTimestamp', 'ConsumerName', 'ConsumerStatus', 'StreamARN'],
  properties: z.strictObject({ ConsumerName: z.string(), StreamARN: z.string(), Tags: cfnTags }),
  create: async ({ ConsumerName, StreamARN }, { cloud }) => {
    const { arn, createdAt } = await cloud.kinesis.ensureConsumer(StreamARN, ConsumerName);
    return {
      ref: arn,
      attributes: {
        ConsumerARN: arn,
        ConsumerCreationTimestamp: String(Math.floor(createdAt / 1000)),
        ConsumerName,
        ConsumerStatus: 'ACTIVE',
        StreamARN,
      },
    };
  },
});
