import fc from 'fast-check';
import type { Job } from '../../../lambdas/domain/job.ts';
import { jobChanged, jobWatched } from '../../../lambdas/domain/messages.ts';
import { pushJobChange } from '../../../lambdas/domain/push-job-change.ts';
import { watchJob } from '../../../lambdas/domain/watch-job.ts';
import type { JobChanged, JobNews } from '../../../lambdas/messages/job-messages.ts';
import { aJob, clock, JOB_ID, NOW } from '../support/jobs.ts';
import { MemoryJobs, Outbox } from '../support/memory-ports.ts';
import { MemoryConnections, MemoryWatchers } from '../support/memory-push.ts';

const processing = (change: Partial<Job> = {}): Job =>
  aJob({
    status: 'processing',
    attempt: 1,
    seq: 3,
    history: (['awaiting_upload', 'queued', 'processing'] as const).map((status) => ({ status, at: NOW })),
    ...change,
  });

const pusher = (job = processing()) => {
  const ports = {
    jobs: new MemoryJobs(job),
    watchers: new MemoryWatchers(),
    connections: new MemoryConnections(),
    webhooks: new Outbox<JobChanged>(),
  };
  return { job, ports, push: (news: JobNews = jobChanged(job)) => pushJobChange(news, ports) };
};

test('a watcher is told what it does not know, in order, as events of the job', async () => {
  const { job, ports, push } = pusher();
  await ports.watchers.add(JOB_ID, 'one');
  await ports.watchers.told(JOB_ID, 'one', 1);
  const texts: string[] = [];
  const { post } = ports.connections;
  ports.connections.post = (id, text) => {
    texts.push(text);
    return post.call(ports.connections, id, text);
  };

  await push();

  expect(ports.connections.of('one')).toEqual([2, 3]);
  expect(JSON.parse(texts[1] ?? '')).toEqual(jobChanged(job));
  expect(jobChanged(job)).toMatchObject({
    id: `${JOB_ID}:3`,
    type: 'serverless-ipc.job.changed.v1',
    time: NOW,
    data: { jobId: JOB_ID, seq: 3, status: 'processing', webhook: false },
  });
});

test('a message that comes twice tells nothing', async () => {
  const { ports, push } = pusher();
  await ports.watchers.add(JOB_ID, 'one');

  await push();
  await push();

  expect(ports.connections.of('one')).toEqual([1, 2, 3]);
});

test('a connection that has gone is forgotten, and disturbs nobody', async () => {
  const { ports, push } = pusher();
  for (const id of ['stale', 'one']) await ports.watchers.add(JOB_ID, id);
  ports.connections.gone.add('stale');

  await push();

  expect(ports.connections.of('one')).toEqual([1, 2, 3]);
  expect(await ports.watchers.of(JOB_ID)).toMatchObject([{ connectionId: 'one' }]);
});

test('a connection that cannot be reached fails the message once all others were told, and is told when it comes again', async () => {
  const { ports, push } = pusher();
  for (const id of ['unlucky', 'one']) await ports.watchers.add(JOB_ID, id);
  ports.connections.beforePost = (id) => {
    if (id === 'unlucky' && ports.connections.of('unlucky').length === 1) throw new Error('throttled');
  };

  await expect(push()).rejects.toThrow('throttled');
  ports.connections.beforePost = () => {};
  await push();

  expect(ports.connections.of('one')).toEqual([1, 2, 3]);
  expect(ports.connections.of('unlucky')).toEqual([1, 2, 3]);
});

test('a client that leaves in between is told no more', async () => {
  const { ports, push } = pusher();
  await ports.watchers.add(JOB_ID, 'one');
  ports.connections.beforePost = () => void ports.watchers.removeConnection('one');

  await push();

  expect(ports.connections.of('one')).toEqual([1]);
});

test('a job with a webhook is handed on to whoever sends it, once a change and not for each watcher', async () => {
  const { job, ports, push } = pusher(processing({ webhook: { url: 'https://example.com' } }));

  await push();
  await push(jobWatched(job, 'one', 'request', clock));

  expect(ports.webhooks.sent).toEqual([jobChanged(job)]);
});

test('news of a job that is not there is not swallowed when somebody watches it', async () => {
  const { job, ports, push } = pusher();
  await ports.watchers.add('another', 'one');

  await expect(push(jobChanged({ ...job, id: 'another' }))).rejects.toThrow('no job');
});

test('to watch a job is to be told its past by the next push', async () => {
  const { job, ports, push } = pusher(processing({ owner: 'alice' }));
  const changes = new Outbox<JobNews>();
  const request = { jobId: JOB_ID, connectionId: 'one', requestId: 'r' };

  await expect(watchJob({ ...request, owner: 'bob' }, { ...ports, changes, clock })).rejects.toThrow(
    'no job',
  );
  await watchJob({ ...request, owner: 'alice' }, { ...ports, changes, clock });
  const [watched] = changes.sent;
  await push(watched);

  expect(changes.sent).toEqual([jobWatched(job, 'one', 'r', clock)]);
  expect(ports.connections.of('one')).toEqual([1, 2, 3]);
});

/** What may happen to a job and to those who watch it, in any order. */
const step = fc.oneof(
  fc.constant({ kind: 'change' as const, lost: false }),
  fc.constant({ kind: 'change' as const, lost: true }),
  fc.constant({ kind: 'repeat' as const }),
  fc.integer({ min: 1, max: 3 }).map((n) => ({ kind: 'watch' as const, connectionId: `c${n}` })),
);

test('whenever it comes, and whatever is lost or repeated, a watcher is told each event once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { ports, push } = pusher(aJob());
      const watching = new Set<string>();
      for (const one of steps) {
        const job = ports.jobs.get(JOB_ID);
        if (one.kind === 'change') {
          const history = [...job.history, { status: 'processing' as const, at: NOW }];
          ports.jobs.stored.set(JOB_ID, { ...job, status: 'processing', seq: job.seq + 1, history });
          if (!one.lost) await push(jobChanged(ports.jobs.get(JOB_ID)));
        } else if (one.kind === 'watch') {
          await watchJob(
            { jobId: JOB_ID, owner: 'alice', connectionId: one.connectionId, requestId: 'r' },
            { ...ports, changes: { send: push }, clock },
          );
          watching.add(one.connectionId);
        } else await push(jobChanged(job));
      }
      const last = ports.jobs.get(JOB_ID);
      await push(jobChanged(last));

      const all = Array.from({ length: last.seq }, (_, index) => index + 1);
      for (const id of watching) expect(ports.connections.of(id)).toEqual(all);
    }),
  );
});
