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
  /** A field that the template takes out of the body: the body's schema has to require it as a string. */
  readonly requiredField?: string;
  /** Where the broker's answer has the name of its error. */
  readonly errorPath: string;
  /** The names that mean "later": they come with status 400, and are answered by 429. */
  readonly throttledErrors: readonly string[];
  /** The names that mean that the message is at fault: nobody but its sender can do anything about it. */
  readonly refusedErrors: readonly string[];
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
  refusedErrors: ['InvalidMessageContents', 'InvalidParameterValue', 'MissingParameter'],
});

export interface StreamTargetOptions {
  /**
   * The field of the body whose value decides the shard, so that the records of one value keep their order. The
   * endpoint's `body` has to require it as a string.
   * @default - none: records are spread over the shards
   */
  readonly partitionKeyField?: string;
  /**
   * The same for the value of a request header. A request without it is put anywhere.
   * @default - none: records are spread over the shards
   */
  readonly partitionKeyHeader?: string;
}

/**
 * One record a request. The body goes as base64: nothing in it can end the JSON around it. The partition key is the
 * value as it came, escaped for JSON; one of more than 256 characters is refused by Kinesis.
 *
 * @throws Error when both a field and a header are named, or the field's name is more than letters, digits and `_`
 */
export const toStream = ({ stream }: EventStream, options: StreamTargetOptions = {}): DirectTarget => ({
  service: 'kinesis',
  action: 'PutRecord',
  permission: { actions: ['kinesis:PutRecord'], resources: [stream.streamArn] },
  contentType: 'application/x-amz-json-1.1',
  template: `#set($key = ${partitionKey(options)})#if(!$key || $key == '')#set($key = $context.requestId)#end{"StreamName":"${stream.streamName}","Data":"$util.base64Encode($input.body)","PartitionKey":"${escapedKey}"}`,
  ...(options.partitionKeyField !== undefined && { requiredField: options.partitionKeyField }),
  errorPath: '$.__type',
  throttledErrors: [
    'ProvisionedThroughputExceededException',
    'LimitExceededException',
    'KMSThrottlingException',
  ],
  refusedErrors: ['InvalidArgumentException', 'ValidationException', 'SerializationException'],
});

const partitionKey = ({
  partitionKeyField: field,
  partitionKeyHeader: header,
}: StreamTargetOptions): string => {
  if (field !== undefined && header !== undefined)
    throw new Error(`the partition key is either the field ${field} or the header ${header}`);
  if (field !== undefined && !/^\w+$/.test(field))
    throw new Error(`partitionKeyField "${field}" is more than letters, digits and _`);
  if (field !== undefined) return `$input.path('$.${field}')`;
  return header === undefined ? '$context.requestId' : `$input.params('${header}')`;
};

/** `escapeJavaScript` escapes the apostrophe too, which JSON does not know ("Mapping template variables for API Gateway"). */
const escapedKey = `$util.escapeJavaScript($key).replaceAll("\\\\'","'")`;
