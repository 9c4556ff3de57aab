import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import * as z from 'zod';
import { aClientOf, portOf } from './endpoint.ts';

const Sent = z.object({
  QueueUrl: z.string(),
  MessageBody: z.string(),
  DelaySeconds: z.number().optional(),
  MessageGroupId: z.string().optional(),
  MessageDeduplicationId: z.string().optional(),
  MessageAttributes: z.record(z.string(), z.object({ StringValue: z.string() })),
});

const Hidden = z.object({ QueueUrl: z.string(), ReceiptHandle: z.string(), VisibilityTimeout: z.number() });

export interface StubAws {
  /** Where it listens: the client of SQS takes the host of a queue's URL as its endpoint. */
  readonly endpoint: string;
  /** What was sent to any standard queue, in order. */
  readonly sent: z.infer<typeof Sent>[];
  /** What was sent to any FIFO queue, in order. */
  readonly sentInOrder: z.infer<typeof Sent>[];
  /** Which messages were hidden for how long, in order. */
  readonly hidden: z.infer<typeof Hidden>[];
  /** What was posted to any connection, in order. */
  readonly posted: { connectionId: string; text: string }[];
  /** Connections that are answered 410. */
  readonly gone: Set<string>;
  /** What was published to any topic: the fields of the form, in order. */
  readonly published: URLSearchParams[];
  /** Objects by their path, which starts with the bucket. */
  readonly objects: Map<string, { body: Buffer; contentType: string | undefined }>;
  close(): Promise<void>;
}

/** The little of SQS, SNS, S3 and `@connections` that the handlers call: it takes everything and remembers it. */
export const startStubAws = async (): Promise<StubAws> => {
  const stub = {
    sent: [],
    sentInOrder: [],
    hidden: [],
    posted: [],
    gone: new Set<string>(),
    published: [],
    objects: new Map(),
  } satisfies Stub;
  const server = createServer((request, response) => {
    answer(stub, request, response).catch(() => response.writeHead(500).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${portOf(server)}`;
  for (const service of ['SQS', 'SNS', 'S3'] as const) aClientOf(service, endpoint);
  return {
    ...stub,
    endpoint,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};

type Stub = Omit<StubAws, 'endpoint' | 'close'>;

const answer = async (stub: Stub, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const body = await buffer(request);
  if (request.headers['x-amz-target'] === 'AmazonSQS.SendMessage') {
    const sent = Sent.parse(JSON.parse(body.toString()));
    (sent.QueueUrl.endsWith('.fifo') ? stub.sentInOrder : stub.sent).push(sent);
    const MD5OfMessageBody = createHash('md5').update(sent.MessageBody).digest('hex');
    response
      .writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
      .end(JSON.stringify({ MessageId: 'm', MD5OfMessageBody }));
  } else if (request.headers['x-amz-target'] === 'AmazonSQS.ChangeMessageVisibility') {
    stub.hidden.push(Hidden.parse(JSON.parse(body.toString())));
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
  } else if (request.url?.includes('connections/')) {
    answerConnections(stub, request.url, response, body.toString());
  } else if (request.headers['content-type'] === 'application/x-www-form-urlencoded') {
    stub.published.push(new URLSearchParams(body.toString()));
    response.writeHead(200, { 'content-type': 'text/xml' }).end(PUBLISHED);
  } else {
    answerS3(stub, request, response, body);
  }
};

const answerConnections = (stub: Stub, url: string, response: ServerResponse, text: string): void => {
  const connectionId = decodeURIComponent(url.split('/').at(-1) ?? '');
  if (stub.gone.has(connectionId)) {
    response.writeHead(410, { 'x-amzn-errortype': 'GoneException' }).end('{}');
    return;
  }
  stub.posted.push({ connectionId, text });
  response.writeHead(200).end();
};

const PUBLISHED =
  '<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>';

const answerS3 = (stub: Stub, request: IncomingMessage, response: ServerResponse, body: Buffer): void => {
  const { pathname } = new URL(request.url ?? '', 'http://stub');
  const path = decodeURIComponent(pathname).slice(1);
  if (request.method === 'PUT') {
    stub.objects.set(path, { body, contentType: request.headers['content-type'] });
    response.writeHead(200).end();
    return;
  }
  const object = stub.objects.get(path);
  if (!object) response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
  else {
    response.writeHead(200, { 'content-length': object.body.byteLength });
    response.end(request.method === 'HEAD' ? undefined : object.body);
  }
};
