import { z } from 'zod';
import { acceptedNotEmulated, cfnTags, resourceType } from './resource-type.ts';

/** Accepted: what functions log is in the data directory's `logs`, one file each. */
export const logGroup = resourceType({
  type: 'AWS::Logs::LogGroup',
  attributes: ['Arn'],
  properties: z.strictObject({
    DeletionProtectionEnabled: acceptedNotEmulated('log files belong to the person at this machine'),
    KmsKeyId: acceptedNotEmulated('nothing is encrypted at rest on this machine'),
    LogGroupClass: acceptedNotEmulated('there is one kind of log file'),
    LogGroupName: z.string().optional(),
    RetentionInDays: acceptedNotEmulated('log files are bounded by size'),
    Tags: cfnTags,
  }),
  create: async ({ LogGroupName }, { cloud, name }) => {
    const group = LogGroupName ?? name({ maxLength: 512 });
    return {
      ref: group,
      attributes: { Arn: `arn:aws:logs:${cloud.region}:${cloud.account}:log-group:${group}:*` },
    };
  },
});
