import { AwsError } from '../errors.ts';

/** The codes by which each service throttles, as its API reference has them: SDKs wait and try again. */
const throttles: Readonly<Record<string, readonly [code: string, status: number]>> = {
  sqs: ['RequestThrottled', 403],
  sns: ['Throttled', 429],
  kinesis: ['ProvisionedThroughputExceededException', 400],
  dynamodb: ['ProvisionedThroughputExceededException', 400],
  s3: ['SlowDown', 503],
  cloudwatch: ['Throttling', 400],
};

export const throttled = (service: string): AwsError => {
  const [code, status] = throttles[service] ?? ['TooManyRequestsException', 429];
  return new AwsError(code, 'Rate exceeded (a fault on demand)', status);
};

/** "Common errors": `ServiceUnavailable`, the request has failed due to a temporary failure of the server. */
export const failed = (): AwsError =>
  new AwsError('ServiceUnavailable', 'The service is not available (a fault on demand)', 503);
