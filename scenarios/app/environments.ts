import {
  DeleteFunctionConcurrencyCommand,
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import type { App } from './app.ts';
import { sourcesOf } from './consumers.ts';
import { until } from './until.ts';

/**
 * Gives `use` a way to say how many environments of a function work on its queues at once, and sets everything back.
 *
 * The event source mappings are limited, so that they do not take what they could not hand on. As they know no limit below 2,
 * a single environment is also reserved.
 */
export const withEnvironments = async (
  app: App,
  functionName: string,
  use: (setEnvironments: (count: number) => Promise<void>) => Promise<void>,
): Promise<void> => {
  const before = await sourcesOf(app, functionName);
  const { ReservedConcurrentExecutions: reserved } = await app.lambda.send(
    new GetFunctionConcurrencyCommand({ FunctionName: functionName }),
  );
  try {
    await use(async (count) => {
      for (const { UUID } of before) await limit(app, UUID, { MaximumConcurrency: Math.max(2, count) });
      await reserve(app, functionName, count === 1 ? 1 : reserved);
    });
  } finally {
    for (const { UUID, ScalingConfig } of before) await limit(app, UUID, ScalingConfig ?? {});
    await reserve(app, functionName, reserved);
  }
};

const limit = async (
  app: App,
  UUID: string | undefined,
  ScalingConfig: { MaximumConcurrency?: number | undefined },
): Promise<void> => {
  await app.lambda.send(new UpdateEventSourceMappingCommand({ UUID, ScalingConfig }));
  await until(
    `event source mapping ${UUID} to take its new limit`,
    async () => (await app.lambda.send(new GetEventSourceMappingCommand({ UUID }))).State,
    (state) => state === 'Enabled',
    { timeoutMs: 120_000, everyMs: 50 },
  );
};

const reserve = async (app: App, FunctionName: string, count: number | undefined): Promise<void> => {
  if (count === undefined) await app.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  else
    await app.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: count }),
    );
};
