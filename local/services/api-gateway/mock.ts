import { z } from 'zod';
import type { Answer, Routed } from './exchange.ts';
import { GatewayError } from './gateway-error.ts';
import { integrationRequest } from './integration-request.ts';
import { mapResponse } from './integration-response.ts';
import { jsonBody } from './mapping-values.ts';
import { templateContext } from './template-variables.ts';

const MockRequest = z.object({ statusCode: z.coerce.number().int() });

/** API Gateway also takes names without quotes, as CDK writes them for a CORS preflight: `{ statusCode: 200 }`. */
const lenientJson = (text: string): unknown =>
  jsonBody(text) ?? jsonBody(text.replace(/([{,]\s*)([A-Za-z_]\w*)(\s*:)/g, '$1"$2"$3').replaceAll("'", '"'));

/** `MOCK`: the request template says which status a back end would have answered. */
export const mock = (exchange: Routed): Answer => {
  const context = templateContext(exchange);
  const { body } = integrationRequest(exchange, context);
  const parsed = MockRequest.safeParse(lenientJson(body.toString()));
  if (!parsed.success)
    throw new GatewayError('API_CONFIGURATION_ERROR', {
      reason: 'Unable to parse statusCode. It should be an integer',
    });
  const selector = String(parsed.data.statusCode);
  return mapResponse(exchange, { selector, headers: {}, body: '' }, context);
};
