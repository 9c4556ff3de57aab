import type { Routed } from './exchange.ts';
import { GatewayError } from './gateway-error.ts';
import { mappedValue } from './mapping-values.ts';
import { isBinary, mediaTypeOf } from './media-types.ts';
import { renderTemplate } from './template.ts';
import { type TemplateContext, templateVariables } from './template-variables.ts';

/** What is sent to a back end: the method request after parameter mapping, template and overrides. */
export interface IntegrationRequest {
  readonly headers: Map<string, string>;
  readonly query: Map<string, string>;
  readonly path: Map<string, string>;
  readonly body: Buffer | string;
}

/** A mapping onto one of these makes AWS answer 500 (recorded on AWS, header remapping). */
const unmappable = new Set([
  'authorization',
  'connection',
  'content-length',
  'expect',
  'proxy-authenticate',
  'te',
  'transfer-encoding',
]);

/** The template for the request's content type, or what `passthroughBehavior` says when there is none. */
const templateOf = ({ request, route }: Routed): string | undefined => {
  const { requestTemplates, passthrough } = route.method.integration;
  const template = requestTemplates[mediaTypeOf(request.headers.get('content-type'))];
  if (template !== undefined) return template;
  const hasTemplates = Object.keys(requestTemplates).length > 0;
  if (passthrough === 'NEVER' || (passthrough === 'WHEN_NO_TEMPLATES' && hasTemplates))
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE');
  return undefined;
};

/** Text for templates; the bytes themselves where the API declares the content binary and nothing renders it. */
const bodyOf = (exchange: Routed, context: TemplateContext): Buffer | string => {
  const template = templateOf(exchange);
  const { request, definition, route } = exchange;
  const { contentHandling } = route.method.integration;
  const binary = isBinary(definition.api.binaryMediaTypes, request.headers.get('content-type'));
  if (contentHandling === 'CONVERT_TO_BINARY' && !binary)
    return Buffer.from(request.body.toString(), 'base64');
  if (template === undefined)
    return binary && contentHandling === 'CONVERT_TO_TEXT' ? request.body.toString('base64') : request.body;
  const text = request.body.toString(binary ? 'base64' : 'utf8');
  // Without a body a template sees an empty object (recorded on AWS, "input body formatting").
  return renderTemplate(template, templateVariables(exchange, context, text === '' ? '{}' : text));
};

const placeOf = /^integration\.request\.(header|querystring|path)\.(.+)$/;

/** Also a proxy integration, which maps nothing, fails for what may not be mapped. Throws GatewayError API_CONFIGURATION_ERROR. */
export const requireMappable = ({ route }: Routed): void => {
  const found = Object.keys(route.method.integration.requestParameters).find((target) => {
    const [, place, name = ''] = placeOf.exec(target) ?? [];
    return place === 'header' && unmappable.has(name.toLowerCase());
  });
  if (found !== undefined)
    throw new GatewayError('API_CONFIGURATION_ERROR', { reason: `${found} may not be mapped` });
};

/** Source: "Set up data transformations in API Gateway" and "Override your API's request and response parameters". */
export const integrationRequest = (exchange: Routed, context: TemplateContext): IntegrationRequest => {
  const request = { headers: new Map<string, string>(), query: new Map(), path: new Map() };
  const places: Readonly<Record<string, Map<string, string>>> = {
    header: request.headers,
    querystring: request.query,
    path: request.path,
  };
  requireMappable(exchange);
  for (const [target, expression] of Object.entries(exchange.route.method.integration.requestParameters)) {
    const [, place = '', name = ''] = placeOf.exec(target) ?? [];
    const value = mappedValue(expression, exchange);
    if (value !== undefined) places[place]?.set(place === 'header' ? name.toLowerCase() : name, value);
  }
  const body = bodyOf(exchange, context);
  for (const [place, values] of Object.entries(places))
    for (const [name, value] of Object.entries(context.requestOverride[place] ?? {}))
      values.set(place === 'header' ? name.toLowerCase() : name, String(value));
  return { ...request, body };
};
