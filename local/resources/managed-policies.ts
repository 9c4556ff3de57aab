import type { Iam } from '../iam.ts';

const allow = (...actions: string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
});

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/**
 * Those of AWS's own policies that apps of the supported types use (AWS Managed Policy Reference Guide), by the end of
 * their ARN: what they grant of services that are here.
 */
const awsManaged: Readonly<Record<string, unknown>> = {
  AdministratorAccess: allow('*'),
  AmazonAPIGatewayInvokeFullAccess: allow('execute-api:Invoke', 'execute-api:ManageConnections'),
  AmazonDynamoDBFullAccess: allow('dynamodb:*'),
  AmazonDynamoDBReadOnlyAccess: allow(
    'dynamodb:BatchGetItem',
    'dynamodb:Describe*',
    'dynamodb:GetItem',
    'dynamodb:List*',
    'dynamodb:Query',
    'dynamodb:Scan',
  ),
  AmazonKinesisFullAccess: allow('kinesis:*'),
  AmazonKinesisReadOnlyAccess: allow('kinesis:Get*', 'kinesis:List*', 'kinesis:Describe*'),
  AmazonS3FullAccess: allow('s3:*'),
  AmazonS3ReadOnlyAccess: allow('s3:Get*', 's3:List*', 's3:Describe*'),
  AmazonSNSFullAccess: allow('sns:*'),
  AmazonSNSReadOnlyAccess: allow('sns:GetTopicAttributes', 'sns:List*'),
  AmazonSQSFullAccess: allow('sqs:*'),
  AmazonSQSReadOnlyAccess: allow('sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:List*'),
  AWSLambda_FullAccess: allow('lambda:*', ...LOGS),
  CloudWatchLogsFullAccess: allow('logs:*'),
  'service-role/AWSLambdaRole': allow('lambda:InvokeFunction'),
  'service-role/AWSLambdaVPCAccessExecutionRole': allow(...LOGS),
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
