import type { Job } from '../../../lambdas/domain/job.ts';
import { jobChanges } from '../../../lambdas/domain/messages.ts';
import { sendJobWebhook } from '../../../lambdas/domain/send-job-webhook.ts';
import type {
  WebhookAnswer,
  WebhookDelivery,
  WebhookSender,
} from '../../../lambdas/domain/webhook-sender.ts';
import { aJob, clock, JOB_ID, NOW } from '../support/jobs.ts';
import { MemoryJobs, MemoryJobWebhooks } from '../support/memory-ports.ts';

const canceled: Job = aJob({
  status: 'canceled',
  seq: 3,
  history: (['awaiting_upload', 'queued', 'canceled'] as const).map((status) => ({ status, at: NOW })),
});

const [first, due] = jobChanges(canceled);
if (!first || !due) throw new Error('the job has a history');

const sending = async (answers: readonly WebhookAnswer[] = [], seq = 0) => {
  const webhooks = new MemoryJobWebhooks();
  await webhooks.add({ jobId: JOB_ID, url: 'https://example.com/hook', secret: 'whsec_c2VjcmV0', seq });
  const sent: WebhookDelivery[] = [];
  const sender: WebhookSender = {
    send: async (one) => {
      sent.push(one);
      return answers[sent.length - 1] ?? 'delivered';
    },
  };
  const ports = { jobs: new MemoryJobs(canceled), webhooks, sender, clock };
  return { ports, sent, webhooks };
};

test('a receiver gets what it has not taken yet, in order, each event under its own id and in the trace of its job', async () => {
  const { ports, sent, webhooks } = await sending([], 1);

  const progress = await sendJobWebhook(due, ports);

  expect(progress).toBe('delivered');
  expect(sent).toEqual(
    jobChanges(canceled)
      .slice(1)
      .map((change) => ({
        url: 'https://example.com/hook',
        secret: 'whsec_c2VjcmV0',
        id: change.id,
        timestamp: new Date(NOW),
        body: JSON.stringify(change),
        headers: { traceparent: change.traceparent, 'x-correlation-id': change.correlationid },
      })),
  );
  expect(webhooks.stored.get(JOB_ID)?.seq).toBe(3);
});

test('a receiver that has everything gets nothing', async () => {
  const { ports, sent } = await sending([], 3);

  expect(await sendJobWebhook(due, ports)).toBe('delivered');
  expect(sent).toEqual([]);
});

test('an event that was not taken is sent again under the same id, and nothing overtakes it', async () => {
  const { ports, sent } = await sending(['delivered', 'retry']);

  const progress = await sendJobWebhook(due, ports);
  const later = await sendJobWebhook(due, ports);

  expect([progress, later]).toEqual(['retry', 'delivered']);
  expect(sent.map(({ id }) => id)).toEqual([1, 2, 2, 3].map((seq) => `${JOB_ID}:${seq}`));
});

test.each(['gone', 'refused'] as const)('a receiver that is %s is not asked again', async (answer) => {
  const { ports, sent } = await sending([answer]);

  const progress = await sendJobWebhook(due, ports);
  const later = await sendJobWebhook(due, ports);

  expect([progress, later]).toEqual(['removed', 'none']);
  expect(sent).toHaveLength(1);
});

test('behind an event that was given up nothing is sent, until it is redriven: then everything, in order', async () => {
  const { ports, sent, webhooks } = await sending(['retry']);

  await sendJobWebhook(first, ports);
  await webhooks.giveUp(JOB_ID, first.id);
  const behind = await sendJobWebhook(due, ports);
  const sentMeanwhile = sent.length;
  const redriven = await sendJobWebhook(first, ports);
  const afterwards = await sendJobWebhook(due, ports);

  expect([behind, redriven, afterwards]).toEqual(['given-up', 'delivered', 'delivered']);
  expect(sentMeanwhile).toBe(1);
  expect(sent.map(({ id }) => id)).toEqual([1, 1, 2, 3].map((seq) => `${JOB_ID}:${seq}`));
  expect(webhooks.stored.get(JOB_ID)?.givenUpAt).toBeUndefined();
});

test('a webhook whose job is not there is not swallowed', async () => {
  const { ports } = await sending();

  await expect(sendJobWebhook(due, { ...ports, jobs: new MemoryJobs() })).rejects.toThrow('no job');
});
