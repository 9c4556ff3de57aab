import { z } from 'zod';
import { AwsError } from '../errors.ts';
import type { PollTarget } from './event-source.ts';
import { compileFilters, type Filter, InvalidPattern } from './filter-criteria.ts';
import type { AttemptRules } from './stream-attempts.ts';

const schema = z.strictObject({
  AmazonManagedKafkaEventSourceConfig: z
    .strictObject({
      ConsumerGroupId: z
        .string()
        .regex(/^[a-zA-Z0-9-/*:_+=.@]{1,200}$/)
        .optional(),
    })
    .optional(),
  BatchSize: z.number().int().min(1).max(10_000).default(100),
  BisectBatchOnFunctionError: z.boolean().default(false),
  DestinationConfig: z
    .strictObject({ OnFailure: z.strictObject({ Destination: z.string().optional() }).default({}) })
    .default({ OnFailure: {} }),
  FilterCriteria: z
    .strictObject({
      Filters: z
        .array(z.strictObject({ Pattern: z.string().max(4096) }))
        .max(10)
        .optional(),
    })
    .optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  MaximumBatchingWindowInSeconds: z.number().int().min(0).max(300).default(0),
  MaximumRecordAgeInSeconds: z.union([z.literal(-1), z.number().int().min(60).max(604_800)]).default(-1),
  MaximumRetryAttempts: z.number().int().min(-1).max(10_000).default(-1),
  ProvisionedPollerConfig: z
    .strictObject({
      MinimumPollers: z.number().int().min(1).max(200).default(1),
      MaximumPollers: z.number().int().min(1).max(2000).default(200),
    })
    .optional(),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP']),
  /** Seconds since the epoch. */
  StartingPositionTimestamp: z.number().optional(),
  Topics: z.array(z.string().min(1).max(249)).length(1),
});

export interface KafkaSettings extends AttemptRules {
  readonly described: z.output<typeof schema>;
  readonly topic: string;
  /** The mapping's own id when the settings name none. */
  readonly groupId: string | undefined;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly pollers: number;
  readonly reportsItemFailures: boolean;
  readonly filter: Filter;
  readonly destination: string | undefined;
  readonly start: { readonly type: 'TRIM_HORIZON' | 'LATEST' } | { readonly atMs: number };
}

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message);

const limit = (value: number): number => (value === -1 ? Number.POSITIVE_INFINITY : value);

/**
 * "When you configure both infinite retries and an on-failure destination, Lambda automatically applies a maximum of 10
 * retry attempts" (Lambda guide, "Configuring error handling controls for Kafka event sources").
 */
const RETRIES_WITH_DESTINATION = 10;

/** Needs that only pollers of the provisioned mode meet (the same page). */
const PROVISIONED_ONLY = [
  'BisectBatchOnFunctionError',
  'FunctionResponseTypes',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
];

/** Checks what a mapping to a cluster asks for, as `CreateEventSourceMapping` does. Throws AwsError InvalidParameterValueException. */
export const kafkaSettings = (
  raw: Readonly<Record<string, unknown>>,
  clusterArn: string,
  target: PollTarget,
): KafkaSettings => {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(`${issue?.path.join('.') || 'Event source mapping'}: ${issue?.message}`);
  }
  const described = parsed.data;
  const needs = PROVISIONED_ONLY.filter((name) => raw[name] !== undefined);
  if (!described.ProvisionedPollerConfig && needs.length > 0)
    throw invalid(`${needs.join(', ')}: only with ProvisionedPollerConfig`);
  const [topic = ''] = described.Topics;
  const groupId = described.AmazonManagedKafkaEventSourceConfig?.ConsumerGroupId;
  checkGrants(clusterArn, topic, groupId, target);
  const destination = described.DestinationConfig.OnFailure.Destination;
  const endless = described.MaximumRetryAttempts === -1 && destination !== undefined;
  return {
    ...{ described, topic, groupId, destination },
    batchSize: described.BatchSize,
    windowMs: described.MaximumBatchingWindowInSeconds * 1000,
    pollers: described.ProvisionedPollerConfig?.MinimumPollers ?? 1,
    bisects: described.BisectBatchOnFunctionError,
    reportsItemFailures: described.FunctionResponseTypes.length > 0,
    maximumRetries: endless ? RETRIES_WITH_DESTINATION : limit(described.MaximumRetryAttempts),
    maximumAgeMs: limit(described.MaximumRecordAgeInSeconds) * 1000,
    filter: filterOf(described.FilterCriteria?.Filters?.map(({ Pattern }) => Pattern) ?? []),
    start: startOf(described),
  };
};

/** What the poller does with the function's role (Lambda guide, "Configuring Lambda permissions for Amazon MSK event source mappings"). */
const checkGrants = (
  clusterArn: string,
  topic: string,
  groupId: string | undefined,
  target: PollTarget,
): void => {
  const within = (kind: string, name: string) => `${clusterArn.replace(':cluster/', `:${kind}/`)}/${name}`;
  const needed: readonly [string, string][] = [
    ['kafka:DescribeClusterV2', clusterArn],
    ['kafka:GetBootstrapBrokers', clusterArn],
    ['kafka-cluster:Connect', clusterArn],
    ['kafka-cluster:DescribeTopic', within('topic', topic)],
    ['kafka-cluster:ReadData', within('topic', topic)],
    ['kafka-cluster:AlterGroup', within('group', groupId ?? '*')],
    ['kafka-cluster:DescribeGroup', within('group', groupId ?? '*')],
  ];
  for (const [action, arn] of needed) {
    try {
      target.authorize(action, arn);
    } catch {
      throw invalid(`Cannot access the cluster: the function's role may not ${action} on ${arn}`);
    }
  }
};

const startOf = ({
  StartingPosition: type,
  StartingPositionTimestamp: at,
}: z.output<typeof schema>): KafkaSettings['start'] => {
  if (type !== 'AT_TIMESTAMP') return { type };
  if (at === undefined) throw invalid('StartingPositionTimestamp is required for AT_TIMESTAMP');
  return { atMs: at * 1000 };
};

const filterOf = (patterns: readonly string[]): Filter => {
  try {
    return compileFilters(patterns);
  } catch (error) {
    if (error instanceof InvalidPattern) throw invalid('Invalid filter pattern definition.');
    throw error;
  }
};
