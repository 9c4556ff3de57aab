import {
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import type { App } from './app.ts';
import { until } from './until.ts';

/** The event source mappings of a function: how it is fed from queues and streams. */
export const sourcesOf = async (
  app: App,
  functionName: string,
): Promise<EventSourceMappingConfiguration[]> => {
  const { EventSourceMappings = [] } = await app.lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: functionName }),
  );
  return EventSourceMappings;
};

/** Turns a function's consumption of its queues and streams off or on, and waits until it is so. */
export const setConsuming = async (app: App, functionName: string, enabled: boolean): Promise<void> => {
  for (const { UUID } of await sourcesOf(app, functionName)) {
    await app.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: enabled }));
    await until(
      `event source mapping ${UUID} of ${functionName} to be ${enabled ? 'Enabled' : 'Disabled'}`,
      async () => (await app.lambda.send(new GetEventSourceMappingCommand({ UUID }))).State,
      (state) => state === (enabled ? 'Enabled' : 'Disabled'),
      { timeoutMs: 120_000, everyMs: 50 },
    );
  }
};
