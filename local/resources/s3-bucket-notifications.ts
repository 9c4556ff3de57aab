import { z } from 'zod';
import { acceptedNotEmulated, cfnBoolean, resourceType } from './resource-type.ts';
import { apiNotifications } from './s3-notification-properties.ts';

/** The CDK's way to configure notifications; its handler is in Python, so it is done here instead. */
export const s3BucketNotifications = resourceType({
  type: 'Custom::S3BucketNotifications',
  attributes: [],
  properties: z.strictObject({
    ServiceToken: z.string(),
    BucketName: z.string(),
    NotificationConfiguration: apiNotifications,
    Managed: cfnBoolean,
    SkipDestinationValidation: acceptedNotEmulated('destinations are always checked'),
  }),
  create: async ({ BucketName, NotificationConfiguration }, { cloud, logicalId, stack }) => {
    await cloud.s3.putNotifications(BucketName, NotificationConfiguration);
    return { ref: `${stack}-${logicalId}` };
  },
});
