import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { ZodType } from 'zod';
import { log } from '../adapters/log.ts';
import { internalError, ProblemError } from '../domain/problem.ts';
import type { Trace } from '../messages/cloud-event.ts';
import { type RestRequest, readRequest } from './request.ts';
import { problemResponse } from './response.ts';
import { traceOf, withTrace } from './trace-context.ts';

type RestAnswer = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;
type TracedAnswer = (event: APIGatewayProxyEvent, trace: Trace) => Promise<APIGatewayProxyResult>;

/**
 * A Lambda handler behind API Gateway's proxy integration: every expected failure is answered as the problem that it is,
 * and every other one is logged and answered as 500 without a word about its cause. Every answer names the correlation id
 * and the trace, and is one line in the log.
 */
export const answeringProblems =
  (answer: TracedAnswer): RestAnswer =>
  (event) => {
    const trace = traceOf(event);
    const { requestId, httpMethod: method, resourcePath: resource } = event.requestContext;
    const { correlationId, traceparent } = trace;
    return log.within({ correlationId, traceparent, requestId }, async () => {
      const response = await answered(() => answer(event, trace));
      log.info('A request was answered', { method, resource, status: response.statusCode });
      return withTrace(response, trace);
    });
  };

const answered = async (answer: () => Promise<APIGatewayProxyResult>): Promise<APIGatewayProxyResult> => {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof ProblemError) return problemResponse(error.problem);
    log.error('A request has failed', { error });
    return problemResponse(internalError('The request was not carried out. It may be sent again.').problem);
  }
};

/** The same for a request with a JSON body, or none: it is read and checked first. */
export const restHandler = <Body>(
  schema: ZodType<Body>,
  answer: (request: RestRequest<Body>) => Promise<APIGatewayProxyResult>,
): RestAnswer => answeringProblems(async (event, trace) => answer(readRequest(event, schema, trace)));
