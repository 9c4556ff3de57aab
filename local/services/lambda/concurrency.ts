import { AwsError } from '../../errors.ts';

/** "Concurrent executions: 1,000" for the account and region (Lambda guide, "Lambda quotas"). */
export const ACCOUNT_CONCURRENCY = 1000;

export interface Use {
  readonly inUse: number;
  readonly reserved: number | undefined;
}

export class ThrottledError extends AwsError {
  readonly reason: string;
  /** Nothing runs as long as the function's reserved concurrency is 0: it is no use to wait for another to end. */
  readonly switchedOff: boolean;

  constructor(reason: string, switchedOff = false) {
    super('TooManyRequestsException', 'Rate Exceeded.', 429);
    this.reason = reason;
    this.switchedOff = switchedOff;
  }
}

/**
 * Throws AwsError TooManyRequestsException unless one more invocation of the function may run.
 * What is reserved for others is not available to it (Lambda guide, "Understanding Lambda function scaling").
 */
export const admit = (one: Use, all: Iterable<Use>): void => {
  if (one.reserved !== undefined) {
    if (one.inUse >= one.reserved)
      throw new ThrottledError('ReservedFunctionConcurrentInvocationLimitExceeded', one.reserved === 0);
    return;
  }
  let taken = 0;
  for (const { inUse, reserved } of all) taken += reserved ?? inUse;
  if (taken >= ACCOUNT_CONCURRENCY) throw new ThrottledError('ConcurrentInvocationLimitExceeded');
};
