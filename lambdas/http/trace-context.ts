import { randomBytes } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { TRACEPARENT, type Trace } from '../messages/cloud-event.ts';
import { headerOf } from './header.ts';

/** Short enough for a log line and a message attribute, and without anything that would have to be escaped there. */
const CORRELATION_ID = /^[\w.:@+=/-]{1,128}$/;

/**
 * Goes on with the trace and the correlation of the caller, where they are valid. A trace that begins here has the id that
 * X-Ray has for it, so that both lead to the same: `1-5759e988-bd86...` there is `5759e988bd86...` in a traceparent
 * ("Trace Context", 3.2: an invalid header is replaced).
 */
export const traceOf = (event: APIGatewayProxyEvent): Trace => {
  const header = headerOf(event);
  const correlationId = header('x-correlation-id');
  const traceparent = header('traceparent');
  return {
    correlationId:
      correlationId && CORRELATION_ID.test(correlationId) ? correlationId : event.requestContext.requestId,
    traceparent:
      traceparent && TRACEPARENT.test(traceparent) ? traceparent : beginning(header('x-amzn-trace-id') ?? ''),
  };
};

const beginning = (xray: string): string => {
  const [, seconds = '', rest = ''] = /Root=1-([0-9a-f]{8})-([0-9a-f]{24})/.exec(xray) ?? [];
  const traceId = `${seconds}${rest}` || randomBytes(16).toString('hex');
  return `00-${traceId}-${randomBytes(8).toString('hex')}-${xray.includes('Sampled=0') ? '00' : '01'}`;
};

/** Tells the client under which names its request can be found. */
export const withTrace = (
  response: APIGatewayProxyResult,
  { correlationId, traceparent }: Trace,
): APIGatewayProxyResult => ({
  ...response,
  headers: { 'x-correlation-id': correlationId, traceparent, ...response.headers },
});
