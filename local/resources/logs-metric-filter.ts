import { z } from 'zod';
import { resourceType } from './resource-type.ts';

/** AWS::Logs::MetricFilter */
export const logsMetricFilter = resourceType({
  type: 'AWS::Logs::MetricFilter',
  attributes: [],
  properties: z.strictObject({
    ApplyOnTransformedLogs: z.unknown().optional(),
    FilterName: z.string().optional(),
    FilterPattern: z.string(),
    LogGroupName: z.string(),
    MetricTransformations: z.array(z.unknown()),
  }),
  create: async ({ FilterName }, { name }) => ({ ref: FilterName ?? name({ maxLength: 512 }) }),
  limits: () => [{ reason: 'log lines do not become metrics: an alarm on one stays without data' }],
});
