/**
 * A queue that does nothing: it answers every request at once with what the SDK expects, and keeps nothing. What a load
 * reaches here is all that its own client can do, whatever server it speaks to.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { BATCH, BODY } from './cycle.ts';

const md5 = createHash('md5').update(BODY).digest('hex');
const ids = Array.from({ length: BATCH }, (_, index) => String(index));

const answers: Readonly<Record<string, (host: string) => object>> = {
  CreateQueue: (host) => ({ QueueUrl: `http://${host}/000000000000/bench` }),
  SendMessageBatch: () => ({
    Successful: ids.map((Id) => ({ Id, MessageId: Id, MD5OfMessageBody: md5 })),
  }),
  ReceiveMessage: () => ({
    Messages: ids.map((MessageId) => ({ MessageId, ReceiptHandle: MessageId, MD5OfBody: md5, Body: BODY })),
  }),
  DeleteMessageBatch: () => ({ Successful: ids.map((Id) => ({ Id })) }),
};

const server = createServer(async (request, response) => {
  await text(request);
  const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
  const answer = answers[action]?.(request.headers.host ?? '');
  response.writeHead(answer ? 200 : 400, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify(answer ?? {}));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = z.object({ port: z.number() }).parse(server.address());
process.once('disconnect', () => process.exit(0));
process.send?.(`http://127.0.0.1:${port}`);
