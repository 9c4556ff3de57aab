import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { Connections } from '../domain/push-ports.ts';

/** @param endpoint the stage's address for `@connections` ("Use @connections commands in your backend service") */
export const apiGatewayConnections = (endpoint: string): Connections => {
  const client = new ApiGatewayManagementApiClient({ endpoint });
  return {
    async post(ConnectionId, text) {
      try {
        await client.send(new PostToConnectionCommand({ ConnectionId, Data: text }));
        return 'posted';
      } catch (error) {
        if (error instanceof GoneException) return 'gone';
        throw error;
      }
    },
  };
};
