import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { webhookDue } from '../../../lambdas/domain/newsletter-events.ts';
import { aClientOf, portOf } from '../support/endpoint.ts';
import { clock } from '../support/jobs.ts';
import { anIssue, aPublished } from '../support/newsletters.ts';

const Batch = z.object({ Entries: z.array(z.object({ Id: z.string(), MessageBody: z.string() })) });

/** SQS, as far as `SendMessageBatch` goes, refusing what the test says. */
let taken: string[] = [];
let calls: number[] = [];
let refuses: (call: number, index: number) => boolean;
let server: Server;
let queueUrl: string;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { Entries } = Batch.parse(JSON.parse(await text(request)));
    const call = calls.push(Entries.length);
    const [Failed, kept] = [true, false].map((failed) =>
      Entries.filter((_, index) => refuses(call, index) === failed),
    );
    taken.push(...(kept ?? []).map(({ MessageBody }) => MessageBody));
    const failures = Failed?.map(({ Id }) => ({ Id, Code: 'Busy', Message: 'later', SenderFault: false }));
    const Successful = kept?.map(({ Id, MessageBody }) => ({
      Id,
      MessageId: Id,
      MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
    }));
    response
      .writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
      .end(JSON.stringify({ Failed: failures, Successful }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  aClientOf('SQS', `http://127.0.0.1:${portOf(server)}`);
  queueUrl = `http://127.0.0.1:${portOf(server)}/000000000000/webhooks`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});
beforeEach(() => {
  taken = [];
  calls = [];
});

const messages = Array.from({ length: 15 }, (_, n) => webhookDue(aPublished(), anIssue, `s-${n}`, clock));
const queue = async () => {
  const { sqsWebhookQueue } = await import('../../../lambdas/adapters/sqs-newsletter-queues.ts');
  return sqsWebhookQueue(queueUrl);
};

test('of a batch only the entries that failed are sent again', async () => {
  refuses = (call, index) => call === 1 && index % 2 === 0;

  await (await queue()).send(messages);

  expect(taken.toSorted()).toEqual(messages.map((message) => JSON.stringify(message)).toSorted());
  expect(calls).toEqual([10, 10]);
});

test('what is never taken is an error, so that the issue is expanded again', async () => {
  refuses = (_call, index) => index === 0;

  await expect((await queue()).send(messages.slice(0, 1))).rejects.toThrow(
    '1 of 1 were not sent: Busy: later',
  );
});
