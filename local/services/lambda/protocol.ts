import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../../errors.ts';
import { type Call, type Protocol, readBody } from '../service.ts';
import { ThrottledError } from './concurrency.ts';
import { eventInvokeConfigOperations } from './protocol-event-invoke-config.ts';
import { functionOperations } from './protocol-functions.ts';
import { invokeOperations } from './protocol-invoke.ts';
import { mappingOperations } from './protocol-mappings.ts';
import type { Answer, Operation } from './protocol-operation.ts';
import type { Lambda } from './service.ts';

/** Larger than any payload that is allowed, so that a payload too large gets Lambda's own answer. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

/** AWS Lambda's REST protocol: JSON, errors named in `x-amzn-ErrorType`. */
export class LambdaProtocol implements Protocol {
  readonly #operations: readonly Operation[];

  constructor(lambda: Lambda, now: () => number) {
    this.#operations = [
      ...invokeOperations(lambda),
      ...functionOperations(lambda),
      ...mappingOperations(lambda),
      ...eventInvokeConfigOperations(lambda, now),
    ];
  }

  async handle(request: IncomingMessage, response: ServerResponse, call: Call): Promise<void> {
    const { status, headers = {}, body } = await this.#answer(request, call).catch(errorAnswer);
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-amzn-requestid': call.requestId,
      ...headers,
      ...(status !== 204 && { 'content-length': Buffer.byteLength(text) }),
    });
    response.end(text);
  }

  async #answer(request: IncomingMessage, call: Call): Promise<Answer> {
    const body = (await readBody(request, BODY_LIMIT_BYTES)).toString();
    const url = new URL(request.url ?? '/', 'http://localhost');
    for (const { method, path, run } of this.#operations) {
      const parameters = request.method === method ? path.exec(url.pathname) : null;
      if (!parameters) continue;
      const reference = decodeURIComponent(parameters[1] ?? '');
      return run({ reference, query: url.searchParams, headers: request.headers, body, call });
    }
    throw new AwsError(
      'UnknownOperationException',
      `${request.method} ${url.pathname} is not supported here`,
      404,
    );
  }
}

/** Fields as recorded on AWS: `Type` says whose fault it was. */
const errorAnswer = (thrown: unknown): Answer => {
  const error =
    thrown instanceof AwsError
      ? thrown
      : new AwsError('ServiceException', thrown instanceof Error ? thrown.message : String(thrown), 500);
  return {
    status: error.status,
    // The policies speak of `AccessDenied`; Lambda has its own name for it (Lambda API, "Common errors").
    headers: { 'x-amzn-errortype': error.code === 'AccessDenied' ? 'AccessDeniedException' : error.code },
    body: {
      ...(error instanceof ThrottledError && { Reason: error.reason }),
      Type: error.fault === 'Sender' ? 'User' : 'Service',
      message: error.message,
    },
  };
};
