import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

/** The place on this machine, for one request, that a custom resource's function answers to, as to S3's presigned URL on AWS. */
export class ResponseReceiver {
  readonly url: string;
  /** The body, once the function has answered. */
  response: string | undefined;
  readonly #server: Server;

  static async open(): Promise<ResponseReceiver> {
    const server = createServer();
    await new Promise<void>((listening, fail) =>
      server.once('error', fail).listen(0, '127.0.0.1', listening),
    );
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    return new ResponseReceiver(server, port);
  }

  private constructor(server: Server, port: number) {
    const path = `/_local/cfn-response/${randomUUID()}`;
    this.url = `http://127.0.0.1:${port}${path}`;
    this.#server = server;
    server.on('request', async (request: IncomingMessage, answer) => {
      if (request.url === path && request.method === 'PUT') this.response = await text(request);
      answer.writeHead(request.url === path ? 200 : 404).end();
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}
