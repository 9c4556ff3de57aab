import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../../errors.ts';
import { type Call, type Protocol, readBody } from '../service.ts';
import type { Engine, SnsCall } from './engine.ts';
import { publishingOperations } from './operations-publishing.ts';
import { subscriptionOperations } from './operations-subscriptions.ts';
import { topicOperations } from './operations-topics.ts';
import { Query } from './query.ts';
import { errorXml, successXml } from './xml.ts';

/** A message of 1 MiB, form-encoded, is at most three times as long; its attributes count to the same limit. */
const BODY_LIMIT = 8 * 1024 * 1024;

const operations = new Map(
  Object.entries({ ...topicOperations, ...subscriptionOperations, ...publishingOperations }),
);

/** Their names. */
export const snsOperations: ReadonlySet<string> = new Set(operations.keys());

/** What a link in a message asks for. */
const LINKS = new Set(['ConfirmSubscription', 'Unsubscribe']);

/**
 * The AWS query protocol of Amazon SNS: form-encoded parameters in, XML out.
 * Parameters may stand in the URL too: that is how subscribers follow the links in their messages, unsigned.
 */
export class SnsProtocol implements Protocol {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async handle(request: IncomingMessage, response: ServerResponse, call: Call): Promise<void> {
    const { status, xml } = await this.#answer(request, call);
    response.writeHead(status, {
      'content-type': 'text/xml',
      'content-length': Buffer.byteLength(xml),
      'x-amzn-requestid': call.requestId,
    });
    response.end(xml);
  }

  async #answer(request: IncomingMessage, call: Call): Promise<{ status: number; xml: string }> {
    try {
      const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const body = (await readBody(request, BODY_LIMIT)).toString();
      const query = Query.parse(new URLSearchParams([...searchParams, ...new URLSearchParams(body)]));
      const traceHeader = request.headers['x-amzn-trace-id'];
      const { requestId, caller } = call;
      const authorize = (action: string, resourceArn: string) => call.authorize(action, resourceArn);
      const traced = typeof traceHeader === 'string' ? { traceHeader } : {};
      return { status: 200, xml: await this.#act(query, { requestId, caller, authorize, ...traced }) };
    } catch (error) {
      const failure = asSnsError(error);
      return { status: failure.status, xml: errorXml(failure, call.requestId) };
    }
  }

  async #act(query: Query, call: SnsCall): Promise<string> {
    const action = query.get('Action') ?? '';
    const operation = operations.get(action);
    if (!operation)
      throw new AwsError(
        'InvalidAction',
        `The local cloud does not support the action ${action} of Amazon SNS: see docs/local-cloud.md`,
      );
    if (call.caller.kind === 'anonymous' && !LINKS.has(action))
      throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
    const result = operation(this.#engine, query, call);
    await this.#engine.store.committed();
    return successXml(action, result, call.requestId);
  }
}

/** Amazon SNS calls a denial AuthorizationError. */
const asSnsError = (error: unknown): AwsError => {
  if (!(error instanceof AwsError)) {
    console.error('local cloud: Amazon SNS failed:', error);
    return new AwsError('InternalFailure', 'The local cloud failed', 500);
  }
  return error.code.startsWith('AccessDenied')
    ? new AwsError('AuthorizationError', error.message, 403)
    : error;
};
