import type { APIGatewayProxyResult, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { dynamoDbWatchers } from '../adapters/dynamodb-watchers.ts';
import { readEnv } from '../adapters/environment.ts';
import { log } from '../adapters/log.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { DisconnectEnv } from './env.ts';

const env = readEnv(DisconnectEnv);
const watchers = dynamoDbWatchers(env.CONNECTIONS_TABLE, systemClock);

/** Forgets what a connection has watched. It is not always called; then the first push that finds nobody does the same. */
export const handler = async ({
  requestContext: { connectionId },
}: APIGatewayProxyWebsocketEventV2): Promise<APIGatewayProxyResult> => {
  await watchers.removeConnection(connectionId);
  log.info('A client has disconnected', { connectionId });
  return { statusCode: 200, body: '' };
};
