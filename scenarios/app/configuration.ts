import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { App } from './app.ts';
import { until } from './until.ts';

/** Gives a function some variables another value, as a bad deployment would. Returns what puts the old ones back. */
export const misconfigure = async (
  app: App,
  functionName: string,
  variables: Readonly<Record<string, string>>,
): Promise<() => Promise<void>> => {
  const { Environment } = await app.lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName }),
  );
  const before = Environment?.Variables ?? {};
  await configure(app, functionName, { ...before, ...variables });
  return () => configure(app, functionName, before);
};

const configure = async (
  app: App,
  FunctionName: string,
  Variables: Record<string, string>,
): Promise<void> => {
  await app.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
  await until(
    `the configuration of ${FunctionName} to be in force`,
    async () =>
      (await app.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).LastUpdateStatus,
    (status) => status === 'Successful',
    { timeoutMs: 120_000, everyMs: 50 },
  );
};
