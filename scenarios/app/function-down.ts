import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import type { App } from './app.ts';

/** Lets a function run nowhere while `story` lasts: with a reserved concurrency of 0 Lambda throttles every invocation. */
export const whileDown = async <T>(app: App, functionName: string, story: () => Promise<T>): Promise<T> => {
  const FunctionName = functionName;
  const reserve = (ReservedConcurrentExecutions: number) =>
    app.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
  const { ReservedConcurrentExecutions: before } = await app.lambda.send(
    new GetFunctionConcurrencyCommand({ FunctionName }),
  );
  await reserve(0);
  try {
    return await story();
  } finally {
    if (before === undefined) await app.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    else await reserve(before);
  }
};
