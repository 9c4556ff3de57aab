import type { Iam } from '../iam.ts';

const allow = (...actions: string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
});

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** Those of AWS's own policies that apps of the supported types use (AWS Managed Policy Reference Guide), by the end of their ARN. */
const awsManaged: Readonly<Record<string, unknown>> = {
  'service-role/AWSLambdaBasicExecutionRole': allow(...LOGS),
  'service-role/AWSLambdaSQSQueueExecutionRole': allow(
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    ...LOGS,
  ),
  'service-role/AWSLambdaKinesisExecutionRole': allow(
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
    'kinesis:ListStreams',
    'kinesis:SubscribeToShard',
    ...LOGS,
  ),
  'service-role/AWSLambdaDynamoDBExecutionRole': allow(
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
    ...LOGS,
  ),
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': allow(
    ...LOGS,
    'logs:DescribeLogGroups',
    'logs:DescribeLogStreams',
    'logs:GetLogEvents',
    'logs:FilterLogEvents',
  ),
  AWSXRayDaemonWriteAccess: allow(
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ),
};

const AWS_MANAGED = 'arn:aws:iam::aws:policy/';

/** The managed policies of the templates themselves, for each cloud that runs in this process. */
const customerManaged = new WeakMap<Iam, Map<string, unknown>>();

export const rememberManagedPolicy = (iam: Iam, arn: string, document: unknown): void => {
  const policies = customerManaged.get(iam) ?? new Map<string, unknown>();
  customerManaged.set(iam, policies.set(arn, document));
};

/** @returns undefined for a policy that this cloud does not have. */
export const managedPolicy = (iam: Iam, arn: string): unknown =>
  arn.startsWith(AWS_MANAGED)
    ? awsManaged[arn.slice(AWS_MANAGED.length)]
    : customerManaged.get(iam)?.get(arn);

export const isUnknownAwsPolicy = (arn: string): boolean =>
  arn.startsWith(AWS_MANAGED) && !Object.hasOwn(awsManaged, arn.slice(AWS_MANAGED.length));
