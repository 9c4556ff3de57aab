import { AwsError } from '../../errors.ts';

export const invalidArgument = (message: string): AwsError =>
  new AwsError('InvalidArgumentException', message);

export const validation = (message: string): AwsError => new AwsError('ValidationException', message);

export const streamInUse = (message: string): AwsError => new AwsError('ResourceInUseException', message);

export const limitExceeded = (message: string): AwsError => new AwsError('LimitExceededException', message);

export const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', message);

export const rateExceeded = (shardId: string, stream: string, account: string): AwsError =>
  new AwsError(
    'ProvisionedThroughputExceededException',
    `Rate exceeded for shard ${shardId} in stream ${stream} under account ${account}.`,
  );
