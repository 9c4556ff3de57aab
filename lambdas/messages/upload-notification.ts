import * as z from 'zod';

/**
 * What S3 sends to a queue: one or more records of created objects, or the test event that it sends once when the
 * notification is configured (S3 guide, "Event message structure").
 */
export const UploadNotification = z.union([
  z.object({
    Records: z.array(
      z.object({
        eventName: z.string().startsWith('ObjectCreated:'),
        s3: z.object({ object: z.object({ key: z.string().min(1) }) }),
      }),
    ),
  }),
  z.object({ Event: z.literal('s3:TestEvent') }),
]);

export type UploadNotification = z.infer<typeof UploadNotification>;

/** The keys of the objects that were created; none for the test event. S3 encodes keys as HTML forms do: a space is `+`. */
export const createdKeys = (notification: UploadNotification): string[] =>
  'Records' in notification
    ? notification.Records.map(({ s3 }) => decodeURIComponent(s3.object.key.replaceAll('+', ' ')))
    : [];
