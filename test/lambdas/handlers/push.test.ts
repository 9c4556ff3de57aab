import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { portOf } from '../support/endpoint.ts';
import { about, type ImageService, json, startImageService } from '../support/image-service.ts';
import { sqsRecord } from '../support/records.ts';
import { socketEvent } from '../support/socket-event.ts';

const loadHandlers = async () => ({
  connect: (await import('../../../lambdas/connect/handler.ts')).handler,
  disconnect: (await import('../../../lambdas/disconnect/handler.ts')).handler,
  refuseMessage: (await import('../../../lambdas/refuse-message/handler.ts')).handler,
  watchJob: (await import('../../../lambdas/watch-job/handler.ts')).handler,
  pushJobChange: (await import('../../../lambdas/push-job-change/handler.ts')).handler,
  sendJobWebhook: (await import('../../../lambdas/send-job-webhook/handler.ts')).handler,
});

let service: ImageService;
let push: Awaited<ReturnType<typeof loadHandlers>>;
beforeAll(async () => {
  service = await startImageService();
  process.env.ALLOW_PRIVATE_WEBHOOKS = 'true';
  push = await loadHandlers();
});
beforeEach(() => service.forgetMessages());
afterAll(() => service.close());

const watch = (connectionId: string, message: object) =>
  push.watchJob(socketEvent(connectionId, JSON.stringify({ action: 'watch', ...message })));

/** Hands every message of the queue of changes to the pusher, one by one, as a FIFO queue would. */
const pushAll = async (): Promise<void> => {
  const waiting = service.aws.sentInOrder.splice(0);
  for (const { QueueUrl, MessageBody, MessageGroupId } of waiting) {
    if (QueueUrl !== process.env.JOB_CHANGES_QUEUE_URL) continue;
    const answer = await push.pushJobChange({ Records: [sqsRecord('m', MessageBody, MessageGroupId)] });
    expect(answer.batchItemFailures).toEqual([]);
  }
};

const toldTo = (connectionId: string): string[] =>
  service.aws.posted
    .filter((one) => one.connectionId === connectionId)
    .map((one) => JSON.parse(one.text).data)
    .map(({ seq, status }) => `${seq} ${status}`);

test('whoever connects is let in', async () => {
  expect(await push.connect(socketEvent('c-1'))).toMatchObject({ statusCode: 200 });
});

test('a watcher is told the past and what follows, each once', async () => {
  const { job } = await service.request();
  await service.notify(job.id);

  const answer = await watch('c-past', { jobId: job.id, callerId: 'alice' });
  await pushAll();
  await service.handlers.cancelJob(about(job.id, '/cancel'));
  await pushAll();

  expect(json(answer)).toEqual({ watching: job.id });
  expect(toldTo('c-past')).toEqual(['1 awaiting_upload', '2 queued', '3 canceled']);
});

test('a watcher who has left is told no more, be it that it said so or not', async () => {
  const { job } = await service.request();
  for (const id of ['c-left', 'c-gone']) await watch(id, { jobId: job.id, callerId: 'alice' });
  await pushAll();

  await push.disconnect(socketEvent('c-left'));
  service.aws.gone.add('c-gone');
  await service.notify(job.id);
  await pushAll();

  expect(toldTo('c-left')).toEqual(['1 awaiting_upload']);
  expect(toldTo('c-gone')).toEqual(['1 awaiting_upload']);
});

test.each([
  ['a job that is not there', { jobId: '22222222-2222-4222-8222-222222222222' }, 'unknown-job'],
  ['no job id at all', { jobId: 'x' }, 'unknown-job'],
  ['no job', {}, 'invalid-request'],
  ['something that is no id', { jobId: 7 }, 'invalid-request'],
  ['an unknown field', { jobId: 'x', from: 3 }, 'invalid-request'],
])('who asks to watch %s is told so, and nothing is kept', async (_case, message, problem) => {
  const answer = await watch('c-wrong', message);

  expect(answer.statusCode).toBe(200);
  expect(json(answer)).toMatchObject({ type: `urn:problem:serverless-ipc:${problem}` });
  expect(service.aws.sentInOrder).toEqual([]);
});

test("somebody else's job is as good as none", async () => {
  const { job } = await service.request('alice');
  service.forgetMessages();

  const answer = await watch('c-mallory', { jobId: job.id, callerId: 'mallory' });

  expect(json(answer)).toMatchObject({ type: 'urn:problem:serverless-ipc:unknown-job' });
  expect(service.aws.sentInOrder).toEqual([]);
});

test('a message that is not JSON is told so', async () => {
  expect(json(await push.watchJob(socketEvent('c-1', '{"action":')))).toMatchObject({
    type: 'urn:problem:serverless-ipc:invalid-request',
  });
});

test.each([
  ['an unknown action', '{"action":"dance"}', '#/action'],
  ['no action', '[]', '#/action'],
  ['no JSON', 'hello', '#'],
])('a message with %s is told so as a problem', async (_case, message, pointer) => {
  const answer = await push.refuseMessage(socketEvent('c-1', message));

  expect(answer.statusCode).toBe(200);
  expect(json(answer)).toMatchObject({
    type: 'urn:problem:serverless-ipc:invalid-request',
    errors: [{ pointer }],
  });
});

test('a webhook is taken with its job, its secret told once', async () => {
  const { job } = await service.request('alice', { webhook: { url: 'https://example.com/hook' } });

  const shown = JSON.stringify(await service.show(job.id));

  expect(job.webhook).toMatchObject({
    url: 'https://example.com/hook',
    secret: expect.stringMatching(/^whsec_[\w+/]{32,}=*$/),
  });
  expect(shown).toContain('https://example.com/hook');
  expect(shown).not.toContain('whsec_');
});

test.each(['https://127.0.0.1/', 'http://example.com/', 'https://169.254.169.254/', 'nonsense'])(
  'a webhook at %s is refused, and its job with it',
  async (url) => {
    const request = service.request('alice', { webhook: { url } });

    await expect(request).rejects.toThrow();
    expect(service.aws.sent).toEqual([]);
  },
);

describe('a receiver', () => {
  const received: string[] = [];
  let status = 204;
  const server = createServer(async (request, response) => {
    received.push(JSON.parse(await text(request)).data.seq);
    response.writeHead(status).end();
  });
  let url = '';
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${portOf(server)}/`;
  });
  beforeEach(() => received.splice(0));
  afterAll(() => void server.close());

  const hooked = async () => {
    const { job } = await service.request('alice', { webhook: { url: 'https://example.com/' } });
    const { dynamoDbJobWebhooks } = await import('../../../lambdas/adapters/dynamodb-job-webhooks.ts');
    const webhooks = dynamoDbJobWebhooks(process.env.WEBHOOKS_TABLE ?? '', { now: () => new Date() });
    await webhooks.add({ jobId: job.id, url, secret: 'whsec_c2VjcmV0', seq: 0 });
    await service.notify(job.id);
    await pushAll();
    const due = service.aws.sentInOrder.find(
      ({ QueueUrl }) => QueueUrl === process.env.JOB_WEBHOOKS_QUEUE_URL,
    );
    return sqsRecord('m-1', due?.MessageBody ?? '', due?.MessageGroupId);
  };

  test('is sent what has happened to the job, from the queue of webhooks', async () => {
    status = 204;
    const record = await hooked();

    const answer = await push.sendJobWebhook({ Records: [record] });

    expect(answer.batchItemFailures).toEqual([]);
    expect(received).toEqual([1, 2]);
  });

  test('that fails is left in peace for five seconds, and its message is not done with', async () => {
    status = 503;
    const record = await hooked();

    const answer = await push.sendJobWebhook({ Records: [record] });
    status = 204;
    const again = await push.sendJobWebhook({ Records: [record] });

    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'm-1' }]);
    expect(service.aws.hidden).toEqual([
      {
        QueueUrl: process.env.JOB_WEBHOOKS_QUEUE_URL,
        ReceiptHandle: record.receiptHandle,
        VisibilityTimeout: expect.any(Number),
      },
    ]);
    expect(service.aws.hidden[0]?.VisibilityTimeout).toBeGreaterThanOrEqual(4);
    expect(service.aws.hidden[0]?.VisibilityTimeout).toBeLessThanOrEqual(6);
    expect(again.batchItemFailures).toEqual([]);
    expect(received).toEqual([1, 1, 2]);
  });

  test('that has failed in every attempt is left in peace by the events behind, until the dead letter is redriven', async () => {
    status = 503;
    const record = await hooked();
    const last = { ...record, attributes: { ...record.attributes, ApproximateReceiveCount: '7' } };
    const behind = { ...record, body: record.body.replaceAll(/:2"/g, ':3"') };

    const answers = [await push.sendJobWebhook({ Records: [last] })];
    status = 204;
    answers.push(await push.sendJobWebhook({ Records: [behind] }));
    const askedMeanwhile = [...received];
    answers.push(await push.sendJobWebhook({ Records: [record] }));

    expect(answers.map(({ batchItemFailures }) => batchItemFailures.length)).toEqual([1, 0, 0]);
    expect(service.aws.hidden).toEqual([]);
    expect(askedMeanwhile).toEqual([1]);
    expect(received).toEqual([1, 1, 2]);
  });

  test('that is gone is not asked again', async () => {
    status = 410;
    const record = await hooked();

    await push.sendJobWebhook({ Records: [record] });
    await push.sendJobWebhook({ Records: [record] });

    expect(received).toEqual([1]);
  });
});

test.each(['pushJobChange', 'sendJobWebhook'] as const)(
  '%s does not swallow what it cannot read',
  async (name) => {
    const answer = await push[name]({ Records: [sqsRecord('m-1', 'garbage', 'g')] });

    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'm-1' }]);
  },
);
