import { z } from 'zod';
import type { PollTarget } from './event-source.ts';
import { anyLog, described, invalid, ofAnyLog } from './mapping-settings.ts';

const schema = z.strictObject({
  ...anyLog,
  AmazonManagedKafkaEventSourceConfig: z
    .strictObject({
      ConsumerGroupId: z
        .string()
        .regex(/^[a-zA-Z0-9-/*:_+=.@]{1,200}$/)
        .optional(),
    })
    .optional(),
  ProvisionedPollerConfig: z
    .strictObject({
      MinimumPollers: z.number().int().min(1).max(200).default(1),
      MaximumPollers: z.number().int().min(1).max(2000).default(200),
    })
    .optional(),
  Topics: z.array(z.string().min(1).max(249)).length(1),
});

export interface KafkaSettings extends ReturnType<typeof ofAnyLog> {
  readonly described: z.output<typeof schema>;
  readonly topic: string;
  /** The mapping's own id when the settings name none. */
  readonly groupId: string | undefined;
  readonly pollers: number;
}

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
  const given = described(schema, raw);
  const { ProvisionedPollerConfig: provisioned, Topics } = given;
  const needs = PROVISIONED_ONLY.filter((name) => raw[name] !== undefined);
  if (!provisioned && needs.length > 0)
    throw invalid(`${needs.join(', ')}: only with ProvisionedPollerConfig`);
  const [topic = ''] = Topics;
  const groupId = given.AmazonManagedKafkaEventSourceConfig?.ConsumerGroupId;
  checkGrants(clusterArn, topic, groupId, target);
  const common = ofAnyLog(given);
  const endless = given.MaximumRetryAttempts === -1 && common.destination !== undefined;
  return {
    ...common,
    ...{ described: given, topic, groupId },
    maximumRetries: endless ? RETRIES_WITH_DESTINATION : common.maximumRetries,
    pollers: provisioned?.MinimumPollers ?? 1,
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
