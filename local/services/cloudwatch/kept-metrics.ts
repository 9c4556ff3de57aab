/** The metrics that the services of this cloud report, by namespace; an alarm on any other stays without data. */
const kept: Readonly<Record<string, ReadonlySet<string>>> = {
  'AWS/ApiGateway': new Set([
    '4XXError',
    '5XXError',
    'ConnectCount',
    'Count',
    'IntegrationError',
    'IntegrationLatency',
    'Latency',
    'MessageCount',
  ]),
  'AWS/Kafka': new Set(['SumOffsetLag']),
  'AWS/Kinesis': new Set([
    'GetRecords.IteratorAgeMilliseconds',
    'IncomingRecords',
    'WriteProvisionedThroughputExceeded',
  ]),
  'AWS/Lambda': new Set([
    'ConcurrentExecutions',
    'DeadLetterErrors',
    'DestinationDeliveryFailures',
    'Duration',
    'Errors',
    'Invocations',
    'IteratorAge',
    'Throttles',
  ]),
  'AWS/SNS': new Set([
    'NumberOfMessagesPublished',
    'NumberOfNotificationsDelivered',
    'NumberOfNotificationsFailed',
    'NumberOfNotificationsFailedToRedriveToDlq',
    'NumberOfNotificationsFilteredOut',
    'NumberOfNotificationsRedrivenToDlq',
    'PublishSize',
  ]),
  'AWS/SQS': new Set([
    'ApproximateAgeOfOldestMessage',
    'ApproximateNumberOfMessagesDelayed',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesVisible',
    'NumberOfEmptyReceives',
    'NumberOfMessagesDeleted',
    'NumberOfMessagesReceived',
    'NumberOfMessagesSent',
  ]),
};

/** What was filtered out is counted by its reason, too: `NumberOfNotificationsFilteredOut-InvalidAttributes`. */
export const isKept = (namespace: string, metricName: string): boolean =>
  kept[namespace]?.has(metricName.replace(/-\w+$/, '')) ?? false;
