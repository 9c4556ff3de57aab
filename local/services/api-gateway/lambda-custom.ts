import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import type { Functions } from '../../ports.ts';
import type { Answer, Routed } from './exchange.ts';
import { GatewayError } from './gateway-error.ts';
import { integrationRequest } from './integration-request.ts';
import { mapResponse } from './integration-response.ts';
import { invokeIntegration, invokeIntegrationAsync } from './lambda-invocation.ts';
import { jsonBody } from './mapping-values.ts';
import { templateContext } from './template-variables.ts';

const FunctionFailure = z.object({ errorMessage: z.string() });

/** `AWS` on a function: the template makes its event, its result is the body, its error message selects the response. */
export const callFunction = async (functions: Functions, clock: Clock, exchange: Routed): Promise<Answer> => {
  const context = templateContext(exchange);
  const { body, headers } = integrationRequest(exchange, context);
  const payload = body.length === 0 ? '{}' : body.toString();
  if (jsonBody(payload) === undefined)
    throw new GatewayError('DEFAULT_4XX', {
      status: 400,
      message: 'Could not parse request body into json: not JSON',
    });
  // "Set up asynchronous invocation of the backend Lambda function"
  if (headers.get('x-amz-invocation-type') === 'Event') {
    await invokeIntegrationAsync(functions, exchange, payload);
    exchange.integrationStatus = 202;
    return mapResponse(exchange, { selector: undefined, headers: {}, body: '' }, context);
  }
  const result = await invokeIntegration(functions, clock, exchange, payload);
  exchange.integrationStatus = result.statusCode;
  const failure = result.functionError ? FunctionFailure.safeParse(jsonBody(result.payload)) : undefined;
  const selector = failure && (failure.data?.errorMessage ?? result.payload);
  return mapResponse(exchange, { selector, headers: {}, body: result.payload }, context);
};
