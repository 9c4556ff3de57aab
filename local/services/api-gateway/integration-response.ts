import { type Answer, answeredTraceId, type Routed } from './exchange.ts';
import { GatewayError } from './gateway-error.ts';
import { jsonPath } from './json-path.ts';
import { jsonBody, mappedValue } from './mapping-values.ts';
import { isBinary, mediaTypeOf } from './media-types.ts';
import type { IntegrationResponse } from './model.ts';
import { renderTemplate } from './template.ts';
import { velocityText } from './template-values.ts';
import { type TemplateContext, templateVariables } from './template-variables.ts';

/** What a back end answered. */
export interface BackendAnswer {
  /** What `selectionPattern` is compared with: the status, or a function's error message; undefined for a function that succeeded. */
  readonly selector: string | undefined;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer | string;
}

/**
 * The regular expression of a `selectionPattern`: of Java, so that it may begin with flags, and fits the whole text.
 * Throws SyntaxError.
 */
export const selectionExpression = (pattern: string): RegExp =>
  new RegExp(`^(?:${pattern.replace(/^\(\?([ims]+)\)(.*)$/s, '(?$1:$2)')})$`, 's');

/** The first pattern that fits the whole of the status or message, else the response without a pattern. */
const select = ({ route }: Routed, selector: string | undefined): IntegrationResponse => {
  const { responses } = route.method.integration;
  const found =
    (selector !== undefined &&
      responses.find(
        ({ selectionPattern }) =>
          selectionPattern !== undefined && selectionExpression(selectionPattern).test(selector),
      )) ||
    responses.find(({ selectionPattern }) => selectionPattern === undefined);
  if (!found)
    throw new GatewayError('API_CONFIGURATION_ERROR', {
      reason: 'No match for output mapping and no default endpoint response mapping configured',
    });
  if (!route.method.responses.includes(found.statusCode))
    throw new GatewayError('API_CONFIGURATION_ERROR', {
      reason: `Output mapping refers to an invalid method response: ${found.statusCode}`,
    });
  return found;
};

/** `integration.response.header.X` and `.body.$.a`; all else is known from the request's side. */
const answerValue = (expression: string, exchange: Routed, answer: BackendAnswer): string | undefined => {
  const [, kind, name = ''] =
    /^integration\.response\.(header|multivalueheader|body)(?:\.(.+))?$/.exec(expression) ?? [];
  if (kind === undefined) return mappedValue(expression, exchange);
  if (kind === 'body') {
    if (name === '') return answer.body.toString();
    const value = jsonPath(jsonBody(answer.body), name);
    if (value === undefined) return undefined;
    return typeof value === 'string' ? value : JSON.stringify(value);
  }
  const values = [answer.headers[name.toLowerCase()] ?? []].flat();
  return kind === 'header' ? values.at(-1) : values.join(',') || undefined;
};

/** The template whose content type the client accepts, else that for JSON, else the first. */
const templateFor = (exchange: Routed, { templates }: IntegrationResponse): [string, string] | undefined => {
  const accepted = mediaTypeOf(exchange.request.headers.get('accept'));
  const type = [accepted, 'application/json', ...Object.keys(templates)].find((each) =>
    Object.hasOwn(templates, each),
  );
  return type === undefined ? undefined : [type, templates[type] ?? ''];
};

const bodyOf = (
  exchange: Routed,
  response: IntegrationResponse,
  answer: BackendAnswer,
  context: TemplateContext,
): { readonly body: Buffer | string; readonly contentType: string } => {
  const template = templateFor(exchange, response);
  if (template) {
    // Without a body a template sees an empty object (recorded on AWS, "input body formatting").
    const variables = templateVariables(exchange, context, answer.body.toString() || '{}');
    return { contentType: template[0], body: renderTemplate(template[1], variables) };
  }
  const { contentHandling } = response;
  const { binaryMediaTypes } = exchange.definition.api;
  const contentType = 'application/json';
  if (contentHandling === 'CONVERT_TO_BINARY')
    return { contentType, body: Buffer.from(answer.body.toString(), 'base64') };
  const asText =
    contentHandling === 'CONVERT_TO_TEXT' &&
    isBinary(binaryMediaTypes, [answer.headers['content-type'] ?? ''].flat()[0]);
  return { contentType, body: asText ? Buffer.from(answer.body).toString('base64') : answer.body };
};

/** Maps a back end's answer to the client's: status, header fields and body by the integration response that fits. */
export const mapResponse = (exchange: Routed, answer: BackendAnswer, context: TemplateContext): Answer => {
  const response = select(exchange, answer.selector);
  const { body, contentType } = bodyOf(exchange, response, answer, context);
  const headers = new Map<string, readonly [string, string]>();
  const set = (name: string, value: string) => headers.set(name.toLowerCase(), [name, value]);
  set('Content-Type', contentType);
  if (exchange.route.method.integration.type !== 'MOCK') set('X-Amzn-Trace-Id', answeredTraceId(exchange));
  for (const [target, expression] of Object.entries(response.parameters)) {
    const value = answerValue(expression, exchange, answer);
    if (value !== undefined) set(target.replace('method.response.header.', ''), value);
  }
  for (const [name, value] of Object.entries(context.responseOverride.header)) set(name, velocityText(value));
  const status = Number(context.responseOverride.status ?? response.statusCode);
  return { status, headers: [...headers.values()], body };
};
