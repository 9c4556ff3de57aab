import type { Answer, Exchange } from './exchange.ts';
import type { GatewayError } from './gateway-error.ts';
import { mappedValue, substituted } from './mapping-values.ts';
import { mediaTypeOf } from './media-types.ts';
import type { GatewayResponse, Templates } from './model.ts';

const defaultTemplates: Templates = { 'application/json': '{"message":$context.error.messageString}' };

/** The response of the API for this error: of its own type, else of its class, else none. */
const configured = ({ definition }: Exchange, { type, status }: GatewayError): GatewayResponse | undefined =>
  definition.gatewayResponses.get(type) ??
  definition.gatewayResponses.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');

/** `$context.error` of a gateway response. */
const errorContext = (error: GatewayError) => ({
  error: {
    message: error.clientMessage,
    messageString: JSON.stringify(error.clientMessage),
    responseType: error.type,
    // It stands between quotes in a template: what it says must not end them.
    validationErrorString: JSON.stringify(error.validation ?? '').slice(1, -1),
  },
});

/**
 * What the client gets when the gateway itself refuses or fails.
 * Source: "Gateway responses for REST APIs in API Gateway" of the API Gateway Developer Guide.
 */
export const gatewayAnswer = (exchange: Exchange, error: GatewayError): Answer => {
  const response = configured(exchange, error);
  const templates =
    response && Object.keys(response.templates).length > 0 ? response.templates : defaultTemplates;
  const wanted = mediaTypeOf(exchange.request.headers.get('accept'));
  const contentType = wanted in templates ? wanted : (Object.keys(templates)[0] ?? 'application/json');
  const context = errorContext(error);

  const headers = new Map<string, readonly [string, string]>([
    ['content-type', ['Content-Type', contentType]],
    ['x-amzn-errortype', ['x-amzn-ErrorType', error.exception]],
  ]);
  for (const [target, expression] of Object.entries(response?.parameters ?? {})) {
    const name = target.replace('gatewayresponse.header.', '');
    const value = mappedValue(expression, exchange, context);
    if (value !== undefined) headers.set(name.toLowerCase(), [name, value]);
  }
  return {
    status: response?.statusCode ?? error.status,
    headers: [...headers.values()],
    body: substituted(templates[contentType] ?? '', exchange, context, ''),
  };
};
