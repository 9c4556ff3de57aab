import { z } from 'zod';
import { cfnTags, resourceType } from './resource-type.ts';

/** AWS::CloudWatch::Dashboard */
export const cloudWatchDashboard = resourceType({
  type: 'AWS::CloudWatch::Dashboard',
  attributes: [],
  properties: z.strictObject({
    DashboardName: z.string().optional(),
    DashboardBody: z.string(),
    Tags: cfnTags,
  }),
  create: async ({ DashboardName }, { name }) => ({ ref: DashboardName ?? name() }),
  limits: () => [{ reason: 'there is no console to show it' }],
});
