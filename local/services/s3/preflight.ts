import { corsHeaders, ruleFor } from './cors.ts';
import { S3Error } from './errors.ts';
import { type Engines, type Exchange, header, type Operation, sendEmpty } from './exchange.ts';

/** The question of a browser before it sends to another origin: unsigned, and answered by the bucket's rules alone. */
export const preflight: Operation = {
  name: 'Preflight',
  run: (exchange, { buckets }) => {
    const origin = header(exchange, 'origin');
    const method = header(exchange, 'access-control-request-method');
    if (origin === undefined || method === undefined)
      throw new S3Error('BadRequest', 'Insufficient information. Origin request header needed.', 400);
    const asked = (header(exchange, 'access-control-request-headers') ?? '')
      .split(',')
      .map((name) => name.trim());
    const requestHeaders = asked.filter((name) => name !== '');
    const { cors } = buckets.get(exchange.bucket);
    const rule = ruleFor(cors, origin, method, requestHeaders);
    if (!rule)
      throw new S3Error(
        'AccessForbidden',
        cors.length === 0
          ? 'CORSResponse: CORS is not enabled for this bucket.'
          : 'CORSResponse: This CORS request is not allowed.',
        403,
      );
    sendEmpty(exchange, 200, {
      ...corsHeaders(rule, origin),
      ...(requestHeaders.length > 0
        ? { 'access-control-allow-headers': requestHeaders.join(', ').toLowerCase() }
        : {}),
    });
  },
};

/** Lets the page that sent the request read its answer, refusals included. */
export const allowOrigin = (exchange: Exchange, { buckets }: Engines): void => {
  const origin = header(exchange, 'origin');
  if (origin === undefined || exchange.request.method === 'OPTIONS') return;
  const rules = buckets.all().find(({ name }) => name === exchange.bucket)?.cors ?? [];
  const rule = ruleFor(rules, origin, exchange.request.method ?? 'GET');
  if (!rule) return;
  for (const [name, value] of Object.entries(corsHeaders(rule, origin)))
    exchange.response.setHeader(name, value);
};
