import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Foundation } from '../../cloud.ts';
import { AwsError } from '../../errors.ts';
import type { Functions } from '../../ports.ts';
import type { Protocol } from '../service.ts';

/** Amazon API Gateway, WebSocket APIs, and their `@connections` management API. */
export class WebSocketApis {
  /** `/_aws/execute-api/{apiId}/{stage}/@connections/{connectionId}` */
  readonly protocol: Protocol = {
    handle: async () => {
      throw new AwsError('NotImplemented', 'WebSocket APIs are not there yet', 501);
    },
  };

  constructor(_foundation: Foundation, _ports: { readonly functions: Functions }) {}

  /** A WebSocket handshake at `/_aws/execute-api/{apiId}/{stage}`. */
  handleUpgrade(_request: IncomingMessage, socket: Duplex, _head: Buffer): void {
    socket.end('HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\n\r\n');
  }

  async close(): Promise<void> {}
}
