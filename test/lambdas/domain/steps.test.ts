import { cancelJob } from '../../../lambdas/domain/cancel-job.ts';
import { expireJob } from '../../../lambdas/domain/expire-job.ts';
import { failJob } from '../../../lambdas/domain/fail-job.ts';
import { findJob, linkToResult } from '../../../lambdas/domain/find-job.ts';
import { jobIdOfUpload } from '../../../lambdas/domain/keys.ts';
import { jobSucceeded } from '../../../lambdas/domain/messages.ts';
import type { JobChanges } from '../../../lambdas/domain/ports.ts';
import { projectJob } from '../../../lambdas/domain/project-job.ts';
import { queueUpload } from '../../../lambdas/domain/queue-upload.ts';
import { requestJob, UPLOAD_DEADLINE_SECONDS } from '../../../lambdas/domain/request-job.ts';
import type {
  JobDeadline,
  JobNews,
  JobOutcome,
  JobRequested,
} from '../../../lambdas/messages/job-messages.ts';
import { aJob, aProblem, aRequest, aResult, clock, JOB_ID, NOW, trace } from '../support/jobs.ts';
import { MemoryJobs, MemoryJobWebhooks, Outbox } from '../support/memory-ports.ts';

let changes: Outbox<JobNews>;
beforeEach(() => {
  changes = new Outbox<JobNews>();
});

const problem = (name: string) => ({ problem: { type: `urn:problem:serverless-ipc:${name}` } });

describe('taking a job', () => {
  const webhookRules = { allowPrivate: false };
  const request = { contentType: 'image/png' as const, contentLength: 1000, operations: [] };

  test('the job exists and its deadline is set before the form is made', async () => {
    const order: string[] = [];
    const jobs = new MemoryJobs();
    const add = jobs.add.bind(jobs);
    jobs.add = async (job) => {
      order.push('job');
      await add(job);
    };
    const deadlines = {
      send: async (message: JobDeadline, delaySeconds: number) => {
        order.push(`deadline of ${message.subject} in ${delaySeconds} s`);
      },
    };
    const forms = {
      form: async ({ key, maxBytes }: { key: string; maxBytes: number }) => {
        order.push('form');
        return { url: 'https://upload', fields: { key, maxBytes: String(maxBytes) } };
      },
    };

    const { job, upload } = await requestJob(
      request,
      { owner: 'alice', trace },
      { jobs, deadlines, forms, webhooks: new MemoryJobWebhooks(), webhookRules, clock },
    );

    expect(order).toEqual(['job', `deadline of ${job.id} in ${UPLOAD_DEADLINE_SECONDS} s`, 'form']);
    expect(jobs.get(job.id)).toMatchObject({ status: 'awaiting_upload', owner: 'alice', seq: 1, attempt: 0 });
    expect(upload.fields).toEqual({ key: `uploads/${job.id}`, maxBytes: '1000' });
  });

  const withWebhook = (url: string, ports: { jobs: MemoryJobs; webhooks: MemoryJobWebhooks }) =>
    requestJob(
      { ...request, webhook: { url } },
      { owner: 'alice', trace },
      {
        ...ports,
        webhookRules,
        clock,
        deadlines: { send: async () => undefined },
        forms: { form: async () => ({ url: 'https://upload', fields: {} }) },
      },
    );

  test('its webhook is there before it is, with a secret of its own that the job does not hold', async () => {
    const ports = { jobs: new MemoryJobs(), webhooks: new MemoryJobWebhooks() };
    ports.jobs.add = async ({ id }) => {
      if (!ports.webhooks.stored.has(id)) throw new Error('too early');
    };

    const [one, other] = [
      await withWebhook('https://a.example', ports),
      await withWebhook('https://a.example', ports),
    ];

    expect(one.webhook).toMatchObject({ jobId: one.job.id, url: 'https://a.example', seq: 0 });
    expect(one.webhook?.secret).toMatch(/^whsec_/);
    expect(one.webhook?.secret).not.toBe(other.webhook?.secret);
    expect(one.job.webhook).toEqual({ url: 'https://a.example' });
  });

  test('a webhook at an address that none are sent to is refused before anything is kept', async () => {
    const ports = { jobs: new MemoryJobs(), webhooks: new MemoryJobWebhooks() };

    await expect(withWebhook('https://10.0.0.1', ports)).rejects.toMatchObject({
      problem: { status: 400, errors: [{ pointer: '#/webhook/url' }] },
    });
    expect([ports.jobs.stored.size, ports.webhooks.stored.size]).toEqual([0, 0]);
  });
});

describe('an upload', () => {
  test('queues its job, with all that the work needs', async () => {
    const jobs = new MemoryJobs(aJob());
    const queue = new Outbox<JobRequested>();

    await queueUpload(JOB_ID, { jobs, queue, changes, clock });

    expect(jobs.get(JOB_ID).status).toBe('queued');
    expect(queue.sent.map(({ data }) => data)).toEqual([
      {
        jobId: JOB_ID,
        uploadKey: `uploads/${JOB_ID}`,
        contentLength: 1000,
        operations: [{ op: 'resize', width: 100 }],
      },
    ]);
  });

  test('whose message could not be sent is sent when the notification comes again', async () => {
    const jobs = new MemoryJobs(aJob());
    const queue = new Outbox<JobRequested>();
    queue.beforeSend = () => {
      queue.beforeSend = () => {};
      throw new Error('the queue is away');
    };

    await expect(queueUpload(JOB_ID, { jobs, queue, changes, clock })).rejects.toThrow('away');
    await queueUpload(JOB_ID, { jobs, queue, changes, clock });

    expect(queue.sent).toHaveLength(1);
    expect(jobs.get(JOB_ID).history.map(({ status }) => status)).toEqual(['awaiting_upload', 'queued']);
  });

  test.each(['processing', 'succeeded', 'canceled', 'expired'] as const)(
    'of a job that is %s sends nothing',
    async (status) => {
      const jobs = new MemoryJobs(aJob({ status, attempt: 1 }));
      const queue = new Outbox<JobRequested>();

      await queueUpload(JOB_ID, { jobs, queue, changes, clock });

      expect(queue.sent).toEqual([]);
      expect(jobs.get(JOB_ID).status).toBe(status);
    },
  );

  test('under a key that no form was made for is not swallowed', () => {
    expect(() => jobIdOfUpload('elsewhere/x')).toThrow('elsewhere/x');
    expect(() => jobIdOfUpload('uploads/')).toThrow('uploads/');
  });
});

describe('a job', () => {
  test.each(['awaiting_upload', 'queued', 'processing'] as const)(
    'that is %s can be canceled',
    async (status) => {
      const jobs = new MemoryJobs(aJob({ status, attempt: 1 }));

      const job = await cancelJob(JOB_ID, 'alice', { jobs, changes, clock });

      expect(job.status).toBe('canceled');
    },
  );

  test.each(['succeeded', 'failed', 'canceled', 'expired'] as const)('that is %s cannot', async (status) => {
    const jobs = new MemoryJobs(aJob({ status }));

    await expect(cancelJob(JOB_ID, 'alice', { jobs, changes, clock })).rejects.toMatchObject(
      problem('job-has-ended'),
    );
  });

  test.each([
    [JOB_ID, 'mallory'],
    ['22222222-2222-4222-8222-222222222222', 'alice'],
    ['not an id', 'alice'],
    ['x'.repeat(5000), 'alice'],
  ])('is unknown where id or owner do not match (%#)', async (id, owner) => {
    const jobs = new MemoryJobs(aJob());

    await expect(findJob(id, owner, jobs)).rejects.toMatchObject(problem('unknown-job'));
  });

  test('expires when its upload has not come, and otherwise does not', async () => {
    const late = new MemoryJobs(aJob());
    const inTime = new MemoryJobs(aJob({ status: 'processing' }));

    await expireJob(JOB_ID, { jobs: late, changes, clock });
    await expireJob(JOB_ID, { jobs: inTime, changes, clock });

    expect(late.get(JOB_ID).status).toBe('expired');
    expect(inTime.get(JOB_ID).status).toBe('processing');
  });
});

describe('the watchers of a job', () => {
  const told = () => changes.sent.map(({ id }) => id);
  const away = new Outbox<JobNews>();
  away.beforeSend = () => {
    throw new Error('the queue is away');
  };
  const succeeded: JobOutcome = jobSucceeded(JOB_ID, aResult, { ...trace, causationId: 'x' }, clock);
  const processing = () =>
    aJob({
      status: 'processing',
      attempt: 1,
      seq: 2,
      history: [...aJob().history, { status: 'processing', at: NOW }],
    });

  test.each([
    [
      'an upload',
      aJob,
      (jobs: MemoryJobs) => queueUpload(JOB_ID, { jobs, queue: new Outbox(), changes, clock }),
    ],
    ['a deadline', aJob, (jobs: MemoryJobs) => expireJob(JOB_ID, { jobs, changes, clock })],
    ['its owner', aJob, (jobs: MemoryJobs) => cancelJob(JOB_ID, 'alice', { jobs, changes, clock })],
    ['an outcome', processing, (jobs: MemoryJobs) => projectJob(succeeded, { jobs, changes })],
  ])('are told once of what %s changes', async (_mover, job, move) => {
    const jobs = new MemoryJobs(job());

    await move(jobs);

    const { seq, status } = jobs.get(JOB_ID);
    expect(changes.sent).toMatchObject([{ id: `${JOB_ID}:${seq}`, data: { jobId: JOB_ID, seq, status } }]);
  });

  test.each([
    [
      'upload',
      aJob,
      (jobs: MemoryJobs, c: JobChanges) =>
        queueUpload(JOB_ID, { jobs, queue: new Outbox(), changes: c, clock }),
    ],
    ['deadline', aJob, (jobs: MemoryJobs, c: JobChanges) => expireJob(JOB_ID, { jobs, changes: c, clock })],
    ['outcome', processing, (jobs: MemoryJobs, c: JobChanges) => projectJob(succeeded, { jobs, changes: c })],
  ])('are told after all when the %s that could not tell them comes again', async (_mover, job, move) => {
    const jobs = new MemoryJobs(job());

    await expect(move(jobs, away)).rejects.toThrow('away');
    await move(jobs, changes);

    expect(told()).toEqual([`${JOB_ID}:${jobs.get(JOB_ID).seq}`]);
  });

  test('are told after all when a client that got no answer cancels again', async () => {
    const jobs = new MemoryJobs(aJob());

    await expect(cancelJob(JOB_ID, 'alice', { jobs, changes: away, clock })).rejects.toThrow('away');
    await expect(cancelJob(JOB_ID, 'alice', { jobs, changes, clock })).rejects.toMatchObject(
      problem('job-has-ended'),
    );

    expect(told()).toEqual([`${JOB_ID}:2`]);
  });

  test('are told the state of a job in time when its deadline comes, whatever it is', async () => {
    const jobs = new MemoryJobs(processing());

    await expireJob(JOB_ID, { jobs, changes, clock });

    expect(changes.sent).toMatchObject([{ data: { seq: 2, status: 'processing' } }]);
  });
});

describe('a link to the result', () => {
  const results = (there: boolean) => ({
    exists: async () => there,
    link: async (key: string) => `https://s3/${key}`,
  });

  test('is given for a job that has succeeded', async () => {
    const jobs = new MemoryJobs(aJob({ status: 'succeeded', result: aResult }));

    const link = await linkToResult(JOB_ID, 'alice', { jobs, results: results(true) });

    expect(link).toBe(`https://s3/results/${JOB_ID}`);
  });

  test.each([
    ['result-not-ready', aJob({ status: 'processing' }), true],
    ['no-result', aJob({ status: 'failed', error: aProblem }), true],
    ['no-result', aJob({ status: 'canceled' }), true],
    ['result-expired', aJob({ status: 'succeeded', result: aResult }), false],
  ])('is otherwise the problem %s (%#)', async (name, job, there) => {
    const jobs = new MemoryJobs(job);

    await expect(linkToResult(JOB_ID, 'alice', { jobs, results: results(there) })).rejects.toMatchObject(
      problem(name),
    );
  });
});

describe('a message that was tried too often', () => {
  const letters = () => {
    const forwarded: { body: string; cause: Readonly<Record<string, string>> }[] = [];
    return {
      forwarded,
      forward: async (body: string, cause: Readonly<Record<string, string>>) => {
        forwarded.push({ body, cause });
      },
    };
  };

  test('fails its job in a way that can be run again, and waits with its cause', async () => {
    const publisher = new Outbox<JobOutcome>();
    const deadLetters = letters();
    const body = JSON.stringify(aRequest());

    await failJob({ messageId: 'm-1', body, request: aRequest() }, { publisher, deadLetters, clock });

    expect(publisher.sent).toMatchObject([
      {
        id: `${JOB_ID}:exhausted:m-1`,
        data: { error: { type: 'urn:problem:serverless-ipc:processing-exhausted', retryable: true } },
      },
    ]);
    expect(deadLetters.forwarded).toEqual([
      { body, cause: expect.objectContaining({ jobId: JOB_ID, messageId: 'm-1' }) },
    ]);
  });

  test('is not given away before its owner was told', async () => {
    const publisher = new Outbox<JobOutcome>();
    publisher.beforeSend = () => {
      throw new Error('the topic is away');
    };
    const deadLetters = letters();
    const exhausted = { messageId: 'm-1', body: '', request: aRequest() };

    await expect(
      failJob(exhausted, { publisher: { publish: publisher.send }, deadLetters, clock }),
    ).rejects.toThrow();
    expect(deadLetters.forwarded).toEqual([]);
  });

  test('waits for a person even when nobody can read it', async () => {
    const publisher = new Outbox<JobOutcome>();
    const deadLetters = letters();

    await failJob({ messageId: 'm-1', body: 'garbage' }, { publisher, deadLetters, clock });

    expect(publisher.sent).toEqual([]);
    expect(deadLetters.forwarded).toEqual([
      { body: 'garbage', cause: expect.objectContaining({ messageId: 'm-1' }) },
    ]);
  });
});
