import { Agent, type IncomingHttpHeaders, request as send } from 'node:http';
import type { Credentials } from '../../iam.ts';

export interface AwsRequest {
  readonly service: string;
  readonly region: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
  readonly credentials: Credentials;
  readonly now: number;
}

export interface AwsAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * The scope tells the endpoint which service is meant and whose key it is. The local cloud asks no more of a signature,
 * and what never leaves this machine needs no proof against tampering.
 */
const authorization = ({ credentials, now, region, service }: AwsRequest): string => {
  const date = new Date(now).toISOString().slice(0, 10).replaceAll('-', '');
  const credential = `${credentials.accessKeyId}/${date}/${region}/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=local`;
};

/** Calls AWS services at the local cloud's own endpoint, over connections that stay open. */
export class AwsEndpoint {
  readonly #endpoint: string;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  async send(request: AwsRequest): Promise<AwsAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<AwsAnswer>();
    const headers = {
      ...request.headers,
      authorization: authorization(request),
      'x-amz-security-token': request.credentials.sessionToken,
      'content-length': Buffer.byteLength(request.body),
    };
    const url = new URL(this.#endpoint);
    const { method, path } = request;
    const outgoing = send(
      { hostname: url.hostname, port: url.port, path, method, headers, agent: this.#agent },
      async (response) => {
        try {
          const chunks: Buffer[] = [];
          for await (const chunk of response) chunks.push(chunk);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          });
        } catch (error) {
          reject(error);
        }
      },
    );
    outgoing.on('error', reject);
    outgoing.end(request.body);
    return promise;
  }

  close(): void {
    this.#agent.destroy();
  }
}
