import { z } from 'zod';
import { cfnNumber, resourceType } from './resource-type.ts';

/** What `logRetention` of a CDK function adds. Done natively: the CDK's own function would ask CloudWatch Logs. */
export const customLogRetention = resourceType({
  type: 'Custom::LogRetention',
  attributes: ['LogGroupName'],
  properties: z.strictObject({
    ServiceToken: z.string(),
    LogGroupName: z.string(),
    LogGroupRegion: z.string().optional(),
    RetentionInDays: cfnNumber.optional(),
    RemovalPolicy: z.string().optional(),
    SdkRetry: z.looseObject({}).optional(),
  }),
  create: async ({ LogGroupName }) => ({ ref: LogGroupName, attributes: { LogGroupName } }),
  limits: () => [{ reason: 'log files are bounded by size' }],
});
