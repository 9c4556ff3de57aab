import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { Gap } from '../gap.ts';

export const callbackUrl: Gap = {
  scenarios: ['notification'],
  reason:
    'a function that posts to the callback URL of a WebSocket stage reaches the emulator without the name of the API: 404',
  reproduce: async (app) => {
    const { Environment } = await app.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: app.output('PushJobChangeFunctionName') }),
    );
    const host = new URL(Environment?.Variables?.PUSH_ENDPOINT ?? 'http://none').hostname;
    return host.endsWith('.amazonaws.com')
      ? `the template's callback URL is at ${host}, which is on AWS`
      : undefined;
  },
};
