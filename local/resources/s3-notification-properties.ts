import { z } from 'zod';
import type {
  Notification,
  NotificationConfiguration,
  NotificationTarget,
} from '../services/s3/notification-configuration.ts';

const rule = z.strictObject({ Name: z.string(), Value: z.string() });
type Rule = z.output<typeof rule>;

/** The id that S3 would make up, but the same on every start: a changed configuration is then seen as one. */
const notification = (
  target: NotificationTarget,
  arn: string,
  events: readonly string[],
  rules: readonly Rule[] = [],
  id?: string,
): Notification => {
  const value = (name: string) => rules.find((one) => one.Name.toLowerCase() === name)?.Value;
  const [prefix, suffix] = [value('prefix'), value('suffix')];
  return {
    id: id ?? [target, arn.split(':').at(-1), ...events, prefix ?? '', suffix ?? ''].join('|'),
    target,
    arn,
    events,
    ...(prefix === undefined ? {} : { prefix }),
    ...(suffix === undefined ? {} : { suffix }),
  };
};

const templateFilter = z.strictObject({ S3Key: z.strictObject({ Rules: z.array(rule) }) }).optional();
const one = { Event: z.string(), Filter: templateFilter };

/** `NotificationConfiguration` of `AWS::S3::Bucket`: one event an entry. */
export const templateNotifications = z
  .strictObject({
    QueueConfigurations: z.array(z.strictObject({ ...one, Queue: z.string() })).default([]),
    TopicConfigurations: z.array(z.strictObject({ ...one, Topic: z.string() })).default([]),
    LambdaConfigurations: z.array(z.strictObject({ ...one, Function: z.string() })).default([]),
  })
  .transform(
    ({ QueueConfigurations, TopicConfigurations, LambdaConfigurations }): NotificationConfiguration => [
      ...QueueConfigurations.map(({ Queue, Event, Filter }) =>
        notification('queue', Queue, [Event], Filter?.S3Key.Rules),
      ),
      ...TopicConfigurations.map(({ Topic, Event, Filter }) =>
        notification('topic', Topic, [Event], Filter?.S3Key.Rules),
      ),
      ...LambdaConfigurations.map(({ Function: arn, Event, Filter }) =>
        notification('function', arn, [Event], Filter?.S3Key.Rules),
      ),
    ],
  );

const apiFilter = z.strictObject({ Key: z.strictObject({ FilterRules: z.array(rule) }) }).optional();
const many = { Id: z.string().optional(), Events: z.array(z.string()), Filter: apiFilter };

/** The same as PutBucketNotificationConfiguration takes it: the shape of the CDK's custom resource. */
export const apiNotifications = z
  .strictObject({
    QueueConfigurations: z.array(z.strictObject({ ...many, QueueArn: z.string() })).default([]),
    TopicConfigurations: z.array(z.strictObject({ ...many, TopicArn: z.string() })).default([]),
    LambdaFunctionConfigurations: z
      .array(z.strictObject({ ...many, LambdaFunctionArn: z.string() }))
      .default([]),
  })
  .transform(
    ({
      QueueConfigurations,
      TopicConfigurations,
      LambdaFunctionConfigurations,
    }): NotificationConfiguration => [
      ...QueueConfigurations.map(({ QueueArn, Events, Filter, Id }) =>
        notification('queue', QueueArn, Events, Filter?.Key.FilterRules, Id),
      ),
      ...TopicConfigurations.map(({ TopicArn, Events, Filter, Id }) =>
        notification('topic', TopicArn, Events, Filter?.Key.FilterRules, Id),
      ),
      ...LambdaFunctionConfigurations.map(({ LambdaFunctionArn, Events, Filter, Id }) =>
        notification('function', LambdaFunctionArn, Events, Filter?.Key.FilterRules, Id),
      ),
    ],
  );
