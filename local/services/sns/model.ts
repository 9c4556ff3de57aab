import { z } from 'zod';

const attributes = z.record(z.string(), z.string());

export const topicSchema = z.object({
  arn: z.string(),
  name: z.string(),
  fifo: z.boolean(),
  /** As set, by their AWS names; what was not set has AWS's default. */
  attributes,
  tags: attributes,
});
export type Topic = z.output<typeof topicSchema>;

export const subscriptionSchema = z.object({
  arn: z.string(),
  topicArn: z.string(),
  protocol: z.enum(['sqs', 'lambda', 'http', 'https']),
  endpoint: z.string(),
  attributes,
  /** `deleted`: unsubscribed, and can still be restored with the token of its UnsubscribeConfirmation. */
  state: z.enum(['pending', 'confirmed', 'deleted']),
  authenticated: z.boolean(),
  authenticateOnUnsubscribe: z.boolean(),
  principal: z.string(),
  token: z.string().optional(),
  tokenAt: z.number().optional(),
});
export type Subscription = z.output<typeof subscriptionSchema>;
export type SubscriptionProtocol = Subscription['protocol'];

const notificationAttribute = z.object({
  dataType: z.string(),
  /** Text, or base64 when the type is Binary. */
  value: z.string(),
});
export type NotificationAttribute = z.output<typeof notificationAttribute>;

/** A message on its way to subscribers, as the journal keeps it. */
export const notificationSchema = z.object({
  type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  messageId: z.string(),
  topicArn: z.string(),
  subject: z.string().optional(),
  message: z.string(),
  /** With `MessageStructure=json`: what a protocol gets instead of `message`. */
  perProtocol: attributes.optional(),
  timestamp: z.number(),
  attributes: z.record(z.string(), notificationAttribute),
  signatureVersion: z.enum(['1', '2']),
  groupId: z.string().optional(),
  deduplicationId: z.string().optional(),
  sequenceNumber: z.string().optional(),
  token: z.string().optional(),
  traceHeader: z.string().optional(),
});
export type Notification = z.output<typeof notificationSchema>;

export const textFor = (notification: Notification, protocol: SubscriptionProtocol): string =>
  notification.perProtocol?.[protocol] ?? notification.message;

export const isFifoTopic = (topicArn: string): boolean => topicArn.endsWith('.fifo');

export const topicName = (topicArn: string): string => topicArn.split(':')[5] ?? '';
