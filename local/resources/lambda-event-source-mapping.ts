import { z } from 'zod';
import { compilePattern } from '../pollers/filter-criteria.ts';
import { cfnBoolean, cfnInteger, cfnNumber, cfnTags, resourceType } from './resource-type.ts';

const pattern = z.string().superRefine((text, context) => {
  try {
    compilePattern(text);
  } catch (error) {
    context.addIssue(`Invalid filter pattern definition: ${error instanceof Error ? error.message : error}`);
  }
});

/** `Ref` is the UUID. Which properties a source takes, and their limits, the source itself decides. */
export const lambdaEventSourceMapping = resourceType({
  type: 'AWS::Lambda::EventSourceMapping',
  attributes: ['Id', 'EventSourceMappingArn'],
  properties: z.strictObject({
    AmazonManagedKafkaEventSourceConfig: z
      .strictObject({ ConsumerGroupId: z.string().optional() })
      .optional(),
    BatchSize: cfnInteger(1, 10_000).optional(),
    BisectBatchOnFunctionError: cfnBoolean.optional(),
    DestinationConfig: z
      .strictObject({ OnFailure: z.strictObject({ Destination: z.string() }).optional() })
      .optional(),
    Enabled: cfnBoolean.optional(),
    EventSourceArn: z.string(),
    FilterCriteria: z
      .strictObject({ Filters: z.array(z.strictObject({ Pattern: pattern })).optional() })
      .optional(),
    FunctionName: z.string(),
    FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).optional(),
    MaximumBatchingWindowInSeconds: cfnInteger(0, 300).optional(),
    MaximumRecordAgeInSeconds: cfnInteger(-1, 604_800).optional(),
    MaximumRetryAttempts: cfnInteger(-1, 10_000).optional(),
    ParallelizationFactor: cfnInteger(1, 10).optional(),
    ProvisionedPollerConfig: z
      .strictObject({ MaximumPollers: cfnNumber.optional(), MinimumPollers: cfnNumber.optional() })
      .optional(),
    ScalingConfig: z.strictObject({ MaximumConcurrency: cfnInteger(2, 1000).optional() }).optional(),
    StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP']).optional(),
    StartingPositionTimestamp: cfnNumber.optional(),
    Tags: cfnTags,
    Topics: z.array(z.string()).optional(),
    TumblingWindowInSeconds: cfnInteger(0, 900).optional(),
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
