import type { Exchange } from './exchange.ts';
import { jsonPath } from './json-path.ts';
import { requestContext } from './request-context.ts';

/** Walks `identity.sourceIp` down an object. */
export const lookUp = (root: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? Object.getOwnPropertyDescriptor(value, name)?.value
          : undefined,
      root,
    );

const textOf = (value: unknown): string | undefined =>
  value === undefined || value === null
    ? undefined
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);

/** The body as JSON, or undefined when it is none. */
export const jsonBody = (body: Buffer | string): unknown => {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
};

/** `header.Accept`, `querystring.page`, `path.id`, `body.$.a` of the method request. */
const methodRequest = (exchange: Exchange, place: string): string | undefined => {
  const { request, route } = exchange;
  const [kind = '', ...rest] = place.split('.');
  const name = rest.join('.');
  switch (kind) {
    case 'header':
      return request.headers.get(name);
    case 'multivalueheader':
      return request.headers.all(name).join(',') || undefined;
    case 'querystring':
      return request.query.get(name)?.at(-1);
    case 'multivaluequerystring':
      return request.query.get(name)?.join(',');
    case 'path':
      return route?.pathParameters[name];
    case 'body':
      return name === '' ? request.body.toString() : textOf(jsonPath(jsonBody(request.body), name));
    default:
      return undefined;
  }
};

const valueIn = (
  expression: string,
  exchange: Exchange,
  context: () => Readonly<Record<string, unknown>>,
): string | undefined => {
  const literal = /^'(.*)'$/s.exec(expression);
  if (literal) return literal[1];
  const dot = expression.indexOf('.');
  const [source, rest] = [expression.slice(0, dot), expression.slice(dot + 1)];
  if (source === 'stageVariables') return exchange.stage.variables[rest];
  if (source === 'context') return textOf(lookUp(context(), rest));
  return expression.startsWith('method.request.')
    ? methodRequest(exchange, expression.slice('method.request.'.length))
    : undefined;
};

/**
 * The value of a mapping expression on the request's side; undefined when there is none.
 * Source: "Parameter mapping source reference for REST APIs" of the API Gateway Developer Guide.
 */
export const mappedValue = (
  expression: string,
  exchange: Exchange,
  context: Readonly<Record<string, unknown>> = {},
): string | undefined => valueIn(expression, exchange, () => ({ ...requestContext(exchange), ...context }));

const anySide = String.raw`'.*'|(?:stageVariables|context)\..+`;
const requestSide = new RegExp(
  String.raw`^(?:${anySide}|method\.request\.(?:(?:(?:multivalue)?(?:header|querystring)|path)\..+|body(?:\..+)?))$`,
  's',
);
const responseSide = new RegExp(
  String.raw`^(?:${anySide}|integration\.response\.(?:(?:multivalue)?header\..+|body(?:\..+)?))$`,
  's',
);

/** Whether a value can be found by it, on the way to a back end or back ("Parameter mapping source reference for REST APIs"). */
export const isMappingExpression = (side: 'request' | 'response', expression: string): boolean =>
  (side === 'request' ? requestSide : responseSide).test(expression);

const name = String.raw`(?:context|stageVariables|method\.request)\.[\w.-]*\w`;
const variable = new RegExp(String.raw`\$\{(${name})\}|\$(${name})`, 'g');

/** Replaces `$context.x`, `$stageVariables.x`, `$method.request.header.x`; no further language is understood where this is used. */
export const substituted = (
  format: string,
  exchange: Exchange,
  context: Readonly<Record<string, unknown>>,
  missing: string,
): string => {
  // Made once: a log format has a dozen variables.
  const all = { ...requestContext(exchange), ...context };
  return format.replace(
    variable,
    (_, braced: string | undefined, bare: string) => valueIn(braced ?? bare, exchange, () => all) ?? missing,
  );
};
