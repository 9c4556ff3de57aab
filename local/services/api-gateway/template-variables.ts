import type { Routed } from './exchange.ts';
import { jsonPath } from './json-path.ts';
import { jsonBody } from './mapping-values.ts';
import { requestContext } from './request-context.ts';
import { templateUtil } from './template-util.ts';
import { ContextMap } from './template-values.ts';

/** `$context` of one exchange. What the request template sets in it, the response template sees. */
export interface TemplateContext extends ContextMap {
  readonly requestOverride: ContextMap & {
    readonly header: ContextMap;
    readonly querystring: ContextMap;
    readonly path: ContextMap;
  };
  readonly responseOverride: ContextMap & { readonly header: ContextMap };
}

const nested = (values: Readonly<Record<string, unknown>>): ContextMap =>
  new ContextMap(
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        typeof value === 'object' && value !== null && !Array.isArray(value) ? nested({ ...value }) : value,
      ]),
    ),
  );

export const templateContext = (exchange: Routed): TemplateContext => {
  const requestOverride = Object.assign(new ContextMap(), {
    header: new ContextMap(),
    querystring: new ContextMap(),
    path: new ContextMap(),
  });
  const responseOverride = Object.assign(new ContextMap(), { header: new ContextMap() });
  return Object.assign(nested(requestContext(exchange)), { requestOverride, responseOverride });
};

/** `$input.params()`: path before query before header. */
const paramsOf = ({ request, route }: Routed) => {
  const all = {
    path: { ...route.pathParameters },
    querystring: Object.fromEntries([...request.query].map(([name, values]) => [name, values.at(-1) ?? ''])),
    header: request.headers.single(),
  };
  return (name?: unknown): unknown =>
    name === undefined
      ? all
      : (route.pathParameters[String(name)] ??
        request.query.get(String(name))?.at(-1) ??
        request.headers.get(String(name)) ??
        '');
};

/** `$input` on a body: the request's for a request template, the integration's answer for a response template. */
const inputOf = (exchange: Routed, body: string) => {
  let json: { readonly value: unknown } | undefined;
  const find = (path: unknown): unknown => {
    json ??= { value: jsonBody(body) };
    return jsonPath(json.value, String(path ?? '$'));
  };
  return {
    body,
    path: (path: unknown) => find(path) ?? null,
    /** A path to nothing is an empty JSON text, so that what surrounds it stays JSON. */
    json: (path: unknown) => JSON.stringify(find(path) ?? ''),
    params: paramsOf(exchange),
  };
};

/** The roots of a mapping template. */
export const templateVariables = (exchange: Routed, context: TemplateContext, body: string) => ({
  input: inputOf(exchange, body),
  util: templateUtil,
  context,
  stageVariables: { ...exchange.stage.variables },
});
