import { AwsError } from '../../errors.ts';

interface WireError {
  /** The shape's name, when it is not the code: `__type` of the JSON protocol. */
  readonly type?: string;
  /** The code of the older query protocol, which SDKs still show to their users. */
  readonly queryCode?: string;
  readonly status?: number;
}

const simpleQueueService = (name: string, status = 400): WireError => ({
  queryCode: `AWS.SimpleQueueService.${name}`,
  status,
});

/** Where a code differs on the wire (recorded on AWS; for the rest: the service's API model). */
const wireErrors: Readonly<Record<string, WireError>> = {
  InvalidParameterValue: { type: 'InvalidParameterValueException' },
  MissingParameter: { type: 'MissingRequiredParameterException' },
  AccessDenied: { type: 'AccessDeniedException', status: 403 },
  QueueDoesNotExist: simpleQueueService('NonExistentQueue'),
  QueueNameExists: { queryCode: 'QueueAlreadyExists' },
  QueueDeletedRecently: simpleQueueService('QueueDeletedRecently'),
  PurgeQueueInProgress: simpleQueueService('PurgeQueueInProgress', 403),
  EmptyBatchRequest: simpleQueueService('EmptyBatchRequest'),
  TooManyEntriesInBatchRequest: simpleQueueService('TooManyEntriesInBatchRequest'),
  BatchEntryIdsNotDistinct: simpleQueueService('BatchEntryIdsNotDistinct'),
  InvalidBatchEntryId: simpleQueueService('InvalidBatchEntryId'),
  BatchRequestTooLong: simpleQueueService('BatchRequestTooLong'),
  UnsupportedOperation: simpleQueueService('UnsupportedOperation'),
  ResourceNotFoundException: { status: 404 },
  OverLimit: { status: 403 },
};

/** An error of Amazon SQS, named as the SDKs name its class or, where there is none, by its query code. */
export class SqsError extends AwsError {
  constructor(code: string, message: string) {
    super(code, message, wireErrors[code]?.status ?? 400);
  }
}

export const invalidValue = (value: string | number, parameter: string, reason: string): SqsError =>
  new SqsError(
    'InvalidParameterValue',
    `Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`,
  );

export const missingParameter = (parameter: string): SqsError =>
  new SqsError('MissingParameter', `The request must contain the parameter ${parameter}.`);

export const queueDoesNotExist = (): SqsError =>
  new SqsError('QueueDoesNotExist', 'The specified queue does not exist.');

export const resourceNotFound = (parameter: string): SqsError =>
  new SqsError(
    'ResourceNotFoundException',
    `The resource that you specified for the ${parameter} parameter doesn't exist.`,
  );

export const notAvailable = (handle: string): SqsError =>
  invalidValue(
    handle,
    'ReceiptHandle',
    'Message does not exist or is not available for visibility timeout change.',
  );

export const hiddenTooLong = (visibilityMs: number): SqsError =>
  invalidValue(
    visibilityMs / 1000,
    'VisibilityTimeout',
    'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
  );

/** `__type` and the query protocol's code of an error. */
export const onTheWire = ({ code }: AwsError): { readonly type: string; readonly queryCode: string } => ({
  type: wireErrors[code]?.type ?? code,
  queryCode: wireErrors[code]?.queryCode ?? code,
});
