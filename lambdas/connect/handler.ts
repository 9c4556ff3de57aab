import type { APIGatewayProxyResult, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { log } from '../adapters/log.ts';

/** Lets every client connect: what it may watch is decided when it asks. */
export const handler = async ({
  requestContext: { connectionId },
}: APIGatewayProxyWebsocketEventV2): Promise<APIGatewayProxyResult> => {
  log.info('A client has connected', { connectionId });
  return { statusCode: 200, body: '' };
};
