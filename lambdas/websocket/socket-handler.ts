import type { APIGatewayProxyResult, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import type { ZodType } from 'zod';
import { log } from '../adapters/log.ts';
import { internalError, invalidRequest, ProblemError } from '../domain/problem.ts';
import { validated } from '../http/request.ts';

/** Who has sent a message. */
export interface Sender {
  readonly connectionId: string;
  readonly requestId: string;
}

/**
 * A Lambda handler for a route of a WebSocket API: the message is read and checked, and what went wrong is sent back as a
 * problem object. A frame has no status, so the function always succeeds; with another status the client would get nothing
 * of what it says.
 */
export const socketHandler =
  <Message>(schema: ZodType<Message>, answer: (message: Message, sender: Sender) => Promise<object>) =>
  async ({ body, requestContext }: APIGatewayProxyWebsocketEventV2): Promise<APIGatewayProxyResult> => {
    const { connectionId, requestId } = requestContext;
    return log.within({ correlationId: requestId, connectionId }, async () => {
      try {
        const answered = await answer(validated(schema, readJson(body)), { connectionId, requestId });
        log.info('A message was answered');
        return frame(answered);
      } catch (error) {
        if (error instanceof ProblemError) return frame(error.problem);
        log.error('A message has failed', { error });
        return frame(internalError('The message was not carried out. It may be sent again.').problem);
      }
    });
  };

const frame = (content: object): APIGatewayProxyResult => ({
  statusCode: 200,
  body: JSON.stringify(content),
});

const readJson = (body: string | undefined): unknown => {
  try {
    return JSON.parse(body ?? '');
  } catch {
    throw invalidRequest([{ pointer: '#', detail: 'the message must be JSON' }]);
  }
};
