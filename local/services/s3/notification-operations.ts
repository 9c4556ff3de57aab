import { z } from 'zod';
import { readBody } from '../service.ts';
import { arnOf } from './buckets.ts';
import { type Operation, sendEmpty, sendXml } from './exchange.ts';
import type {
  Notification,
  NotificationConfiguration,
  NotificationTarget,
} from './notification-configuration.ts';
import { NAMESPACE, readXml, type Xml } from './xml.ts';

const LARGEST_CONFIGURATION = 1024 * 1024;

const listOf = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([z.array(schema), schema.transform((one) => [one])]).default([]);

const common = {
  Id: z.string().optional(),
  Event: listOf(z.string()),
  Filter: z
    .object({ S3Key: z.object({ FilterRule: listOf(z.object({ Name: z.string(), Value: z.string() })) }) })
    .optional(),
};

const configuration = z.object({
  NotificationConfiguration: z.union([
    z.object({
      QueueConfiguration: listOf(z.object({ ...common, Queue: z.string() })),
      TopicConfiguration: listOf(z.object({ ...common, Topic: z.string() })),
      CloudFunctionConfiguration: listOf(z.object({ ...common, CloudFunction: z.string() })),
    }),
    // What the parser makes of an empty element: no destination at all.
    z.string().transform(() => ({
      QueueConfiguration: [],
      TopicConfiguration: [],
      CloudFunctionConfiguration: [],
    })),
  ]),
});

interface Configured {
  readonly Id?: string | undefined;
  readonly Event: string[];
  readonly Filter?:
    | { readonly S3Key: { readonly FilterRule: { Name: string; Value: string }[] } }
    | undefined;
}

const notification = (
  target: NotificationTarget,
  arn: string,
  { Id, Event, Filter }: Configured,
): Notification => {
  const rule = (name: string) =>
    Filter?.S3Key.FilterRule.find((one) => one.Name.toLowerCase() === name)?.Value;
  const [prefix, suffix] = [rule('prefix'), rule('suffix')];
  return {
    id: Id ?? `${target}:${arn}:${Event.join()}:${prefix ?? ''}:${suffix ?? ''}`,
    target,
    arn,
    events: Event,
    ...(prefix === undefined ? {} : { prefix }),
    ...(suffix === undefined ? {} : { suffix }),
  };
};

export const putBucketNotificationConfiguration: Operation = {
  name: 'PutBucketNotificationConfiguration',
  run: async (exchange, { buckets }) => {
    exchange.call.authorize('s3:PutBucketNotification', arnOf(exchange.bucket));
    const body = readXml(await readBody(exchange.request, LARGEST_CONFIGURATION), configuration);
    const { QueueConfiguration, TopicConfiguration, CloudFunctionConfiguration } =
      body.NotificationConfiguration;
    const notifications = [
      ...TopicConfiguration.map((one) => notification('topic', one.Topic, one)),
      ...QueueConfiguration.map((one) => notification('queue', one.Queue, one)),
      ...CloudFunctionConfiguration.map((one) => notification('function', one.CloudFunction, one)),
    ];
    const unchecked = exchange.request.headers['x-amz-skip-destination-validation'] === 'true';
    await buckets.putNotifications(exchange.bucket, notifications, unchecked);
    sendEmpty(exchange, 200);
  },
};

const describe = (all: NotificationConfiguration, target: NotificationTarget, element: string): Xml =>
  all
    .filter((one) => one.target === target)
    .map(({ id, arn, events, prefix, suffix }) => {
      const rules = [
        ...(prefix === undefined ? [] : [{ Name: 'Prefix', Value: prefix }]),
        ...(suffix === undefined ? [] : [{ Name: 'Suffix', Value: suffix }]),
      ];
      return {
        Id: id,
        [element]: arn,
        Event: events,
        Filter: rules.length === 0 ? undefined : { S3Key: { FilterRule: rules } },
      };
    });

export const getBucketNotificationConfiguration: Operation = {
  name: 'GetBucketNotificationConfiguration',
  run: (exchange, { buckets }) => {
    exchange.call.authorize('s3:GetBucketNotification', arnOf(exchange.bucket));
    const { notifications } = buckets.get(exchange.bucket);
    sendXml(exchange, `NotificationConfiguration ${NAMESPACE}`, {
      TopicConfiguration: describe(notifications, 'topic', 'Topic'),
      QueueConfiguration: describe(notifications, 'queue', 'Queue'),
      CloudFunctionConfiguration: describe(notifications, 'function', 'CloudFunction'),
    });
  },
};
