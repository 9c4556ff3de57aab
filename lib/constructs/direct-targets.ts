import { Stack } from 'aws-cdk-lib';
import type { EventStream } from './event-stream.ts';
import type { Permission } from './service-function.ts';
import type { WorkQueue } from './work-queue.ts';

/** What API Gateway does with a request when it talks to a broker itself. */
export interface DirectTarget {
  readonly service: string;
  /** The service's path, or the name of its action. */
  readonly path?: string;
  readonly action?: string;
  readonly permission: Permission;
  readonly contentType: string;
  /** The mapping template that makes the broker's request from the caller's body. */
  readonly template: string;
  /** Where the broker's answer has the name of its error. */
  readonly errorPath: string;
  /** The names that mean "later": they come with status 400, and are answered by 429. */
  readonly throttledErrors: readonly string[];
}

/**
 * One message a request, with the body as it came.
 * The body is URL-encoded: unescaped, `&DelaySeconds=900` in it would become a parameter of the call.
 */
export const toQueue = ({ queue }: WorkQueue): DirectTarget => ({
  service: 'sqs',
  path: `${Stack.of(queue).account}/${queue.queueName}`,
  permission: { actions: ['sqs:SendMessage'], resources: [queue.queueArn] },
  contentType: 'application/x-www-form-urlencoded',
  template: 'Action=SendMessage&MessageBody=$util.urlEncode($input.body)',
  errorPath: '$.Error.Code',
  throttledErrors: ['RequestThrottled', 'ThrottlingException', 'OverLimit'],
});

export interface StreamTargetOptions {
  /**
   * The request header whose value decides the shard, so that the records of one value keep their order.
   * @default - none: records are spread over the shards
   */
  readonly partitionKeyHeader?: string;
}

/** One record a request. The body goes as base64: nothing in it can end the JSON around it. */
export const toStream = (
  { stream }: EventStream,
  { partitionKeyHeader }: StreamTargetOptions = {},
): DirectTarget => {
  // Whatever a header contains, its base64 is one string of JSON.
  const key = partitionKeyHeader
    ? `#set($key = $util.base64Encode($input.params('${partitionKeyHeader}')))#if($key == '')#set($key = $context.requestId)#end`
    : '#set($key = $context.requestId)';
  return {
    service: 'kinesis',
    action: 'PutRecord',
    permission: { actions: ['kinesis:PutRecord'], resources: [stream.streamArn] },
    contentType: 'application/x-amz-json-1.1',
    template: `${key}{"StreamName":"${stream.streamName}","Data":"$util.base64Encode($input.body)","PartitionKey":"$key"}`,
    errorPath: '$.__type',
    throttledErrors: [
      'ProvisionedThroughputExceededException',
      'LimitExceededException',
      'KMSThrottlingException',
    ],
  };
};
