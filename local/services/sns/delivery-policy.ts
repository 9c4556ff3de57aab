import { z } from 'zod';
import { invalidParameter } from './errors.ts';
import type { Subscription, Topic } from './model.ts';

const count = z.number().int().min(0).max(100);
const delaySeconds = z.number().int().min(1).max(3600);
const retryPolicy = z.strictObject({
  minDelayTarget: delaySeconds.optional(),
  maxDelayTarget: delaySeconds.optional(),
  numRetries: count.optional(),
  numMaxDelayRetries: count.optional(),
  numNoDelayRetries: count.optional(),
  numMinDelayRetries: count.optional(),
  backoffFunction: z.enum(['linear', 'arithmetic', 'geometric', 'exponential']).optional(),
});
const requestPolicy = z.strictObject({ headerContentType: z.string().optional() });

const topicPolicy = z.strictObject({
  http: z.strictObject({
    defaultHealthyRetryPolicy: retryPolicy.nullish(),
    disableSubscriptionOverrides: z.boolean().optional(),
    defaultRequestPolicy: requestPolicy.nullish(),
  }),
});

const subscriptionPolicy = z.strictObject({
  healthyRetryPolicy: retryPolicy.nullish(),
  sicklyRetryPolicy: z.null().optional(),
  throttlePolicy: z.strictObject({ maxReceivesPerSecond: z.number().int().min(1) }).nullish(),
  requestPolicy: requestPolicy.nullish(),
  guaranteed: z.boolean().optional(),
});

export type RetryPolicy = Required<{
  [K in keyof z.output<typeof retryPolicy>]: NonNullable<z.output<typeof retryPolicy>[K]>;
}>;

/** "Amazon SNS message delivery retries", HTTP/S. Delays in seconds. */
const DEFAULT_RETRIES: RetryPolicy = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: 'linear',
};
const DEFAULT_REQUEST = { headerContentType: 'text/plain; charset=UTF-8' };

const parse = <T>(schema: z.ZodType<T>, json: string, prefix: string): T => {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw invalidParameter(`${prefix}DeliveryPolicy: failed to parse JSON.`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalidParameter(`${prefix}DeliveryPolicy: ${issue?.path.join('.')}: ${issue?.message}`);
};

const retries = (
  policy: z.output<typeof retryPolicy> | null | undefined,
  fallback: RetryPolicy,
): RetryPolicy => {
  if (!policy) return fallback;
  const given = Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined));
  return { ...DEFAULT_RETRIES, ...given };
};

const contentType = (
  policy: z.output<typeof requestPolicy> | null | undefined,
  fallback: { readonly headerContentType: string },
): { readonly headerContentType: string } => ({
  headerContentType: policy?.headerContentType ?? fallback.headerContentType,
});

/** A topic's `DeliveryPolicy`, as GetTopicAttributes shows it. Throws AwsError InvalidParameter. */
export const topicDeliveryPolicy = (json: string, prefix: string): string => {
  const { http } = parse(topicPolicy, json, prefix);
  return JSON.stringify({
    http: { ...http, disableSubscriptionOverrides: http.disableSubscriptionOverrides ?? false },
  });
};

/** A subscription's `DeliveryPolicy`, as GetSubscriptionAttributes shows it. Throws AwsError InvalidParameter. */
export const subscriptionDeliveryPolicy = (json: string, prefix: string): string => {
  const policy = parse(subscriptionPolicy, json, prefix);
  return JSON.stringify({
    healthyRetryPolicy: policy.healthyRetryPolicy
      ? retries(policy.healthyRetryPolicy, DEFAULT_RETRIES)
      : null,
    sicklyRetryPolicy: null,
    throttlePolicy: policy.throttlePolicy ?? null,
    requestPolicy: policy.requestPolicy ?? null,
    guaranteed: policy.guaranteed ?? false,
  });
};

/** `EffectiveDeliveryPolicy` of a topic. */
export const effectiveTopicPolicy = (topic: Topic) => {
  const http = topic.attributes.DeliveryPolicy
    ? parse(topicPolicy, topic.attributes.DeliveryPolicy, '').http
    : undefined;
  return {
    http: {
      defaultHealthyRetryPolicy: retries(http?.defaultHealthyRetryPolicy, DEFAULT_RETRIES),
      disableSubscriptionOverrides: http?.disableSubscriptionOverrides ?? false,
      defaultRequestPolicy: contentType(http?.defaultRequestPolicy, DEFAULT_REQUEST),
    },
  };
};

/** `EffectiveDeliveryPolicy` of a subscription: its own, unless the topic disables overrides, else the topic's. */
export const effectiveSubscriptionPolicy = (subscription: Subscription, topic: Topic | undefined) => {
  const { http } = topic
    ? effectiveTopicPolicy(topic)
    : {
        http: {
          defaultHealthyRetryPolicy: DEFAULT_RETRIES,
          disableSubscriptionOverrides: false,
          defaultRequestPolicy: DEFAULT_REQUEST,
        },
      };
  const own =
    subscription.attributes.DeliveryPolicy && !http.disableSubscriptionOverrides
      ? parse(subscriptionPolicy, subscription.attributes.DeliveryPolicy, '')
      : undefined;
  return {
    healthyRetryPolicy: retries(own?.healthyRetryPolicy, http.defaultHealthyRetryPolicy),
    sicklyRetryPolicy: null,
    throttlePolicy: own?.throttlePolicy ?? null,
    requestPolicy: contentType(own?.requestPolicy, http.defaultRequestPolicy),
    guaranteed: own?.guaranteed ?? false,
  };
};

const backoff: Readonly<
  Record<RetryPolicy['backoffFunction'], (share: number, min: number, max: number) => number>
> = {
  linear: (share, min, max) => min + (max - min) * share,
  arithmetic: (share, min, max) => min + ((max - min) * share * (share + 1)) / 2,
  geometric: (share, min, max) => min * (max / min) ** share,
  exponential: (share, min, max) => min + (max - min) * share ** 2,
};

/**
 * How long to wait before a retry at a web server, in milliseconds; nothing when no retry is left.
 * @param retry 1 for the first retry.
 */
export const httpRetryDelay = (policy: RetryPolicy, retry: number): number | undefined => {
  const { numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries, numRetries } = policy;
  const { minDelayTarget: min, maxDelayTarget: max } = policy;
  if (retry > numRetries) return undefined;
  if (retry <= numNoDelayRetries) return 0;
  if (retry <= numNoDelayRetries + numMinDelayRetries) return min * 1000;
  if (retry > numRetries - numMaxDelayRetries) return max * 1000;
  const step = retry - numNoDelayRetries - numMinDelayRetries;
  const steps = numRetries - numNoDelayRetries - numMinDelayRetries - numMaxDelayRetries;
  const share = steps === 1 ? 0 : (step - 1) / (steps - 1);
  return Math.round(backoff[policy.backoffFunction](share, min, max) * 1000);
};

/**
 * The same for Amazon SQS and AWS Lambda, whose policy nobody can change: 3 retries at once, 2 after 1 s,
 * 10 from 1 to 20 s, 100,000 after 20 s each. AWS adds jitter, this cloud does not.
 */
export const managedRetryDelay = (retry: number): number | undefined => {
  if (retry <= 3) return 0;
  if (retry <= 5) return 1000;
  if (retry <= 15) return Math.round(1000 * 20 ** ((retry - 6) / 9));
  return retry <= 100_015 ? 20_000 : undefined;
};
