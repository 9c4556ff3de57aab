import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';

/** What API Gateway hands to the function of a WebSocket route, as far as the handlers look at it. */
export const socketEvent = (connectionId: string, body?: string): APIGatewayProxyWebsocketEventV2 => ({
  ...(body !== undefined && { body }),
  isBase64Encoded: false,
  requestContext: {
    routeKey: 'watch',
    messageId: 'message-1',
    eventType: 'MESSAGE',
    extendedRequestId: 'extended-1',
    requestTime: '01/Jan/2026:00:00:00 +0000',
    messageDirection: 'IN',
    stage: 'live',
    connectedAt: 0,
    requestTimeEpoch: 0,
    requestId: 'request-1',
    domainName: 'push.example.com',
    connectionId,
    apiId: 'api',
  },
});
