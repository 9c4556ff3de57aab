import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { ZodType } from 'zod';
import { log } from '../adapters/log.ts';
import { internalError, ProblemError } from '../domain/problem.ts';
import { type RestRequest, readRequest } from './request.ts';
import { problemResponse } from './response.ts';

type RestAnswer = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

/**
 * A Lambda handler behind API Gateway's proxy integration: every expected failure is answered as the problem that it is,
 * and every other one is logged and answered as 500 without a word about its cause.
 */
export const answeringProblems =
  (answer: RestAnswer): RestAnswer =>
  (event) =>
    log.within({ correlationId: event.requestContext.requestId }, async () => {
      try {
        return await answer(event);
      } catch (error) {
        if (error instanceof ProblemError) return problemResponse(error.problem);
        log.error('A request has failed', { error });
        return problemResponse(
          internalError('The request was not carried out. It may be sent again.').problem,
        );
      }
    });

/** The same for a request with a JSON body, or none: it is read and checked first. */
export const restHandler = <Body>(
  schema: ZodType<Body>,
  answer: (request: RestRequest<Body>) => Promise<APIGatewayProxyResult>,
): RestAnswer => answeringProblems(async (event) => answer(readRequest(event, schema)));
