import type { App } from './app/app.ts';
import { eventIn, eventsAt, requestsFor } from './app/job-webhooks.ts';
import { ENDED, RefusedError } from './app/jobs.ts';
import { type ReceivedRequest, type Receiver, startReceiver } from './app/receiver.ts';
import { isSigned } from './app/signature.ts';
import { until } from './app/until.ts';
import { Watcher } from './app/watcher.ts';
import { photograph } from './photograph.ts';
import { type Stage, scenario } from './scenario.ts';

/** Longer than the pauses before the second and the third attempt: 5 seconds and 5 minutes, a tenth more at most. */
const PAUSES_MS = [6_000, 340_000];
const SOME_MORE_MS = 5_000;

const STATUSES = ['awaiting_upload', 'queued', 'processing', 'succeeded'];
const SOME_OTHER_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export const notification = scenario(
  'notification',
  'one-way notification',
  'whoever watches a job is told each of its events once and in order, without asking',
  async (stage) => {
    const receiver = await startReceiver(stage.app);
    const early = await Watcher.connect(stage.app);
    const late = await Watcher.connect(stage.app);
    try {
      await tellsWatchers(stage, receiver, early, late);
      await retries(stage, receiver, early);
      await refusesAddresses(stage);
    } finally {
      await Promise.all([early.close(), late.close(), receiver.close()]);
    }
  },
);

const tellsWatchers = async (
  { app, check, hop }: Stage,
  receiver: Receiver,
  early: Watcher,
  late: Watcher,
): Promise<void> => {
  const { image, job, secret } = await requestWithWebhook(app, `${receiver.url}/told`);
  early.watch(job.id);
  hop('the job is accepted, and watched');
  await app.jobs.upload(job, image, 'image/jpeg');

  await early.ended(job.id, ENDED);
  hop('the watcher was told the end');
  await until(
    'the webhook to be told the end',
    () => eventsAt(receiver, job.id).length,
    (n) => n >= STATUSES.length,
  );
  hop('the webhook was told the end');
  late.watch(job.id);
  await late.ended(job.id, ENDED);
  hop('a watcher that came after the end was told everything');

  const all = STATUSES.map((status, index) => `${index + 1} ${status}`).join(', ');
  for (const [what, events] of [
    ['the watcher gets each event once, in order', early.eventsOf(job.id)],
    ['the webhook gets each event once, in order', eventsAt(receiver, job.id)],
    ['a watcher that comes late gets the history, each event once, in order', late.eventsOf(job.id)],
  ] as const) {
    const told = events.map(({ data }) => `${data.seq} ${data.status}`).join(', ');
    check(what, told === all, told);
  }
  const shown = await (await app.fetch(`/v1/jobs/${job.id}`)).text();
  check('the secret is told once', !shown.includes(secret) && shown.includes(receiver.url), {
    toldWithTheJob: secret.slice(0, 'whsec_'.length),
    toldAfterwards: shown.includes(secret),
  });
  checkSignatures(check, requestsFor(receiver, job.id), secret);
};

const checkSignatures = (
  check: Stage['check'],
  requests: readonly ReceivedRequest[],
  secret: string,
): void => {
  check(
    'each webhook is signed with the secret of this job, and with no other',
    requests.every((one) => isSigned(one, secret) && !isSigned(one, SOME_OTHER_SECRET)),
    `${requests.length} signatures verified`,
  );
};

const retries = async ({ app, check, hop }: Stage, receiver: Receiver, watcher: Watcher): Promise<void> => {
  const { image, job, secret } = await requestWithWebhook(app, `${receiver.url}/retried`);
  // Held against the clock on arrival, as a receiver does: a signature is good for five minutes.
  const signed: boolean[] = [];
  receiver.respond((request) => {
    if (eventIn(request.body)?.data.jobId !== job.id) return { status: 204 };
    return { status: signed.push(isSigned(request, secret)) <= 2 ? 503 : 204 };
  });
  watcher.watch(job.id);
  await app.jobs.upload(job, image, 'image/jpeg');

  await until(
    'the first attempt',
    () => signed.length,
    (n) => n >= 1,
  );
  await watcher.ended(job.id, ENDED);
  const tried = eventsAt(receiver, job.id).map(({ data }) => data.seq);
  check(
    'a webhook that is down holds up no watcher',
    tried.every((seq) => seq === 1),
    `the watcher knows the end while the receiver has taken nothing of ${tried.join()}`,
  );
  for (const [index, pause] of PAUSES_MS.entries()) {
    await app.passTime(pause);
    await until(
      `attempt ${index + 2}`,
      async () => {
        const attempts = requestsFor(receiver, job.id).length;
        // The pause begins when the failed attempt has ended, which is after its request was seen here.
        if (attempts < index + 2) await app.local?.skipTime(SOME_MORE_MS);
        return attempts;
      },
      (n) => n >= index + 2,
    );
    hop(`attempt ${index + 2}`);
  }
  await until(
    'the webhook to be told the end',
    () => requestsFor(receiver, job.id).length,
    (n) => n >= 2 + STATUSES.length,
  );

  const seqs = eventsAt(receiver, job.id).map(({ data }) => data.seq);
  check(
    'an event that was answered 503 twice is sent a third time, and nothing overtakes it',
    seqs.join() === '1,1,1,2,3,4',
    seqs.join(),
  );
  const attempts = requestsFor(receiver, job.id).slice(0, 3);
  const ids = new Set(attempts.map(({ headers }) => headers['webhook-id']));
  check(
    'every attempt has the same id and a signature of its own time',
    ids.size === 1 && signed.every((one) => one),
    [...ids].join(),
  );
};

const refusesAddresses = async ({ app, check }: Stage): Promise<void> => {
  // On one's own machine private addresses are allowed, for the receiver above; link-local ones never are.
  const urls = [
    'http://169.254.169.254/latest/meta-data/',
    'https://[fe80::1]/',
    'ftp://example.com/',
    ...(app.target.name === 'aws' ? ['https://127.0.0.1/', 'https://10.0.0.1/', 'http://example.com/'] : []),
  ];
  const answers = await Promise.all(urls.map((url) => refusalOf(app, url)));
  check(
    'a webhook at an address of the wrong kind is refused with the job',
    answers.every((one) => one === '400'),
    Object.fromEntries(urls.map((url, index) => [url, answers[index]])),
  );
};

const requestWithWebhook = async (app: App, url: string) => {
  const image = await photograph(320, 240);
  const job = await app.jobs.request({
    contentType: 'image/jpeg',
    contentLength: image.byteLength,
    operations: [{ op: 'resize', width: 64 }],
    webhook: { url },
  });
  if (!job.webhook) throw new Error('The service took a webhook without telling its secret');
  return { image, job, secret: job.webhook.secret };
};

const refusalOf = async (app: App, url: string): Promise<string> => {
  try {
    await app.jobs.request({ contentType: 'image/jpeg', contentLength: 1, operations: [], webhook: { url } });
    return 'accepted';
  } catch (error) {
    if (error instanceof RefusedError) return String(error.status);
    throw error;
  }
};
