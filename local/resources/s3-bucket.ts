import { z } from 'zod';
import { acceptedNotEmulated, cfnNumber, cfnTags, resourceType } from './resource-type.ts';
import { templateNotifications } from './s3-notification-properties.ts';

const corsRule = z
  .strictObject({
    Id: z.string().optional(),
    AllowedHeaders: z.array(z.string()).default([]),
    AllowedMethods: z.array(z.string()),
    AllowedOrigins: z.array(z.string()),
    ExposedHeaders: z.array(z.string()).default([]),
    MaxAge: cfnNumber.optional(),
  })
  .transform(({ AllowedHeaders, AllowedMethods, AllowedOrigins, ExposedHeaders, MaxAge }) => ({
    allowedHeaders: AllowedHeaders,
    allowedMethods: AllowedMethods,
    allowedOrigins: AllowedOrigins,
    exposedHeaders: ExposedHeaders,
    ...(MaxAge === undefined ? {} : { maxAgeSeconds: MaxAge }),
  }));

export const s3Bucket = resourceType({
  type: 'AWS::S3::Bucket',
  attributes: ['Arn', 'DomainName', 'RegionalDomainName', 'DualStackDomainName', 'WebsiteURL'],
  properties: z.strictObject({
    BucketName: z.string().optional(),
    CorsConfiguration: z.strictObject({ CorsRules: z.array(corsRule) }).optional(),
    NotificationConfiguration: templateNotifications.optional(),
    AccessControl: acceptedNotEmulated('access is decided by policies alone on this machine'),
    BucketEncryption: acceptedNotEmulated('nothing is encrypted at rest on this machine'),
    LifecycleConfiguration: acceptedNotEmulated('objects are kept until they are deleted'),
    LoggingConfiguration: acceptedNotEmulated('every request is on the local trace'),
    OwnershipControls: acceptedNotEmulated('all objects belong to the one account'),
    PublicAccessBlockConfiguration: acceptedNotEmulated('nothing on this machine is public'),
    VersioningConfiguration: acceptedNotEmulated('only the latest version of an object is kept'),
    Tags: cfnTags,
  }),
  create: async ({ BucketName, CorsConfiguration, NotificationConfiguration }, { cloud, name }) => {
    const bucket = BucketName ?? name({ maxLength: 63, lowercase: true });
    await cloud.s3.createBucket(bucket);
    await cloud.s3.putCors(bucket, CorsConfiguration?.CorsRules ?? []);
    if (NotificationConfiguration) await cloud.s3.putNotifications(bucket, NotificationConfiguration);
    return {
      ref: bucket,
      attributes: {
        Arn: `arn:aws:s3:::${bucket}`,
        DomainName: `${bucket}.s3.amazonaws.com`,
        RegionalDomainName: `${bucket}.s3.${cloud.region}.amazonaws.com`,
        DualStackDomainName: `${bucket}.s3.dualstack.${cloud.region}.amazonaws.com`,
        WebsiteURL: `http://${bucket}.s3-website-${cloud.region}.amazonaws.com`,
      },
    };
  },
});
