import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Foundation } from '../../cloud.ts';
import { AwsError } from '../../errors.ts';
import type { Functions } from '../../ports.ts';
import type { Protocol } from '../service.ts';
import { Definitions } from './definitions.ts';

/** Amazon API Gateway, REST APIs: answers `/_aws/execute-api/{apiId}/{stage}/{path}`. */
export class ApiGateway {
  /** What the templates define; resource types write it. */
  readonly definitions = new Definitions();
  readonly protocol: Protocol = {
    handle: (request, response, { requestId }) => this.handle(request, response, requestId),
  };

  constructor(_foundation: Foundation, _ports: { readonly functions: Functions }) {}

  async handle(_request: IncomingMessage, _response: ServerResponse, _requestId?: string): Promise<void> {
    throw new AwsError('NotImplemented', 'API Gateway is not there yet', 501);
  }

  async close(): Promise<void> {}
}
