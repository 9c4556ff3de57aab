import type { InvokeMessage } from './messages.ts';

export interface Outcome {
  succeed(result: unknown): void;
  fail(error: unknown): void;
}

/** The context object of one invocation (Lambda guide, "Using the Lambda context object to retrieve Node.js function information"). */
export const invocationContext = (message: InvokeMessage, outcome: Outcome) => {
  const deadline = performance.now() + message.remainingMs;
  const { env } = process;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: message.functionArn,
    awsRequestId: message.requestId,
    clientContext: message.clientContext === undefined ? undefined : JSON.parse(message.clientContext),
    identity: undefined,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
    succeed: (result: unknown) => outcome.succeed(result),
    fail: (error: unknown) => outcome.fail(error),
    done: (error: unknown, result: unknown) => (error ? outcome.fail(error) : outcome.succeed(result)),
  };
};

export type InvocationContext = ReturnType<typeof invocationContext>;
