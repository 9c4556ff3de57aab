import { z } from 'zod';
import { cfnBoolean, cfnNumber, cfnTags, resourceType } from './resource-type.ts';

/** `Ref` is the UUID. Which properties a source takes, and their limits, the source itself decides. */
export const lambdaEventSourceMapping = resourceType({
  type: 'AWS::Lambda::EventSourceMapping',
  attributes: ['Id', 'EventSourceMappingArn'],
  properties: z.strictObject({
    AmazonManagedKafkaEventSourceConfig: z
      .strictObject({ ConsumerGroupId: z.string().optional() })
      .optional(),
    BatchSize: cfnNumber.optional(),
    BisectBatchOnFunctionError: cfnBoolean.optional(),
    DestinationConfig: z
      .strictObject({ OnFailure: z.strictObject({ Destination: z.string() }).optional() })
      .optional(),
    Enabled: cfnBoolean.optional(),
    EventSourceArn: z.string(),
    FilterCriteria: z
      .strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })).optional() })
      .optional(),
    FunctionName: z.string(),
    FunctionResponseTypes: z.array(z.string()).optional(),
    MaximumBatchingWindowInSeconds: cfnNumber.optional(),
    MaximumRecordAgeInSeconds: cfnNumber.optional(),
    MaximumRetryAttempts: cfnNumber.optional(),
    ParallelizationFactor: cfnNumber.optional(),
    ProvisionedPollerConfig: z
      .strictObject({ MaximumPollers: cfnNumber.optional(), MinimumPollers: cfnNumber.optional() })
      .optional(),
    ScalingConfig: z.strictObject({ MaximumConcurrency: cfnNumber.optional() }).optional(),
    StartingPosition: z.string().optional(),
    StartingPositionTimestamp: cfnNumber.optional(),
    Tags: cfnTags,
    Topics: z.array(z.string()).optional(),
    TumblingWindowInSeconds: cfnNumber.optional(),
  }),
  create: async ({ FunctionName, EventSourceArn, Enabled, Tags: _, ...settings }, { cloud }) => {
    const { UUID, EventSourceMappingArn } = cloud.lambda.eventSourceMappings.ensure({
      functionName: FunctionName,
      eventSourceArn: EventSourceArn,
      settings,
      ...(Enabled !== undefined && { enabled: Enabled }),
    });
    return { ref: UUID, attributes: { Id: UUID, EventSourceMappingArn } };
  },
});
