import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../../errors.ts';
import { type Call, type Protocol, readBody } from '../service.ts';
import type { Engine } from './engine.ts';
import { PUBLIC_PATH } from './envelope.ts';
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

/** What a web server may ask for without credentials, by the URLs in its messages. */
const PUBLIC_ACTIONS = new Set(['ConfirmSubscription', 'Unsubscribe']);

/**
 * The AWS query protocol of Amazon SNS: form-encoded parameters in, XML out.
 * Under `/_local/sns/` it also answers the URLs that stand in messages.
 */
export class SnsProtocol implements Protocol {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async handle(request: IncomingMessage, response: ServerResponse, call: Call): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === `${PUBLIC_PATH}certificate.pem`) {
      send(
        response,
        { status: 200, type: 'application/x-pem-file' },
        await this.#engine.signer.certificate(),
      );
      return;
    }
    const answer = await this.#answer(request, searchParams, call, pathname.startsWith(PUBLIC_PATH));
    response.setHeader('x-amzn-RequestId', call.requestId);
    send(response, { status: answer.status, type: 'text/xml' }, answer.xml);
  }

  async #answer(
    request: IncomingMessage,
    searchParams: URLSearchParams,
    call: Call,
    isPublic: boolean,
  ): Promise<{ status: number; xml: string }> {
    try {
      const body = request.method === 'POST' ? (await readBody(request, BODY_LIMIT)).toString() : '';
      const query = Query.parse(new URLSearchParams([...searchParams, ...new URLSearchParams(body)]));
      return { status: 200, xml: await this.#act(query, call, isPublic) };
    } catch (error) {
      if (error instanceof AwsError) return { status: error.status, xml: errorXml(error, call.requestId) };
      const { message } = error instanceof Error ? error : new Error(String(error));
      const failure = new AwsError('InternalFailure', message, 500);
      return { status: 500, xml: errorXml(failure, call.requestId) };
    }
  }

  async #act(query: Query, call: Call, isPublic: boolean): Promise<string> {
    const action = query.get('Action') ?? '';
    const operation = operations.get(action);
    if (!operation || (isPublic && !PUBLIC_ACTIONS.has(action)))
      throw new AwsError(
        'InvalidAction',
        `The local cloud does not support the action ${action} of Amazon SNS: see docs/local-cloud.md`,
      );
    const result = operation(this.#engine, query, isPublic ? anonymous(call) : call);
    await this.#engine.store.committed();
    return successXml(action, result, call.requestId);
  }
}

/** Whoever follows a URL in a message is nobody, whatever headers the request has. */
const anonymous = (call: Call): Call => ({
  requestId: call.requestId,
  caller: { kind: 'anonymous' },
  authorize: (action, resourceArn) => call.authorize(action, resourceArn),
});

const send = (
  response: ServerResponse,
  { status, type }: { status: number; type: string },
  body: string,
): void => {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
};
