import type { App } from './app/app.ts';
import { misconfigure } from './app/configuration.ts';
import { type DeadLetter, inspect } from './app/dead-letters.ts';
import { type Accepted, ENDED, type Job } from './app/jobs.ts';
import { arnOf, visibilityMsOf } from './app/queue-attributes.ts';
import { redrive } from './app/redrive.ts';
import { until } from './app/until.ts';
import { photograph } from './photograph.ts';
import { scenario } from './scenario.ts';

/** Five receives, each after the visibility timeout of the one before: a quarter of an hour where time cannot be skipped. */
const patience = { timeoutMs: 30 * 60_000, everyMs: 50 };

export const deadLetter = scenario(
  'dead-letter',
  'queue',
  'a poisoned message ends among the dead letters with its cause, is inspected, and redriven by one command after the fix',
  async ({ app, check, hop }) => {
    const [jobsQueue, deadLetters] = [app.output('JobsQueueUrl'), app.output('JobsDeadLettersUrl')];
    const repair = await misconfigure(app, app.output('ProcessImageFunctionName'), {
      RESULTS_BUCKET: 'no-such-bucket',
    });
    let poisoned: Accepted;
    try {
      hop('the worker is deployed with a wrong bucket for its results');
      const image = await photograph(640, 480);
      poisoned = await upload(app, image);
      const { status, error, attempt } = await untilGivenUp(app, poisoned.id);
      hop(`${attempt} receives later the job is failed`);
      check(
        'the owner of the job learns that it will not be done',
        status === 'failed' && error?.type.endsWith(':processing-exhausted') === true,
        error ?? status,
      );

      const letter = await find(app, deadLetters, poisoned.id);
      check(
        'the message is among the dead letters, with its cause',
        letter.cause.jobId === poisoned.id && letter.cause.problemType === error?.type,
        letter.cause,
      );
      const again = await find(app, deadLetters, poisoned.id);
      check('to inspect it takes nothing away: the next look sees it too', again.id === letter.id, {
        receiveCounts: [letter.receiveCount, again.receiveCount],
      });
    } finally {
      await repair();
    }

    hop('the worker is repaired');
    const redriven = await redrive(app.sqs, deadLetters);
    hop(`${redriven.moved} redriven`);
    check(
      'one command moves all messages back to where they began',
      redriven.status === 'COMPLETED' &&
        redriven.moved > 0 &&
        redriven.failed === 0 &&
        redriven.destination === (await arnOf(app.sqs, jobsQueue)),
      redriven,
    );
    const { id } = poisoned;
    const done = await until(
      'the job to succeed',
      () => app.jobs.get(id),
      (job) => job.status === 'succeeded',
    );
    check(
      'the job is done after all',
      done.error === undefined && done.result !== undefined,
      done.history.map(({ status }) => status).join(' -> '),
    );
    const left = (await inspect(app.sqs, deadLetters)).filter(({ body }) => body.includes(id));
    check('nothing of it is left among the dead letters', left.length === 0, { left: left.length });
  },
);

const upload = async (app: App, image: Uint8Array<ArrayBuffer>): Promise<Accepted> => {
  const job = await app.jobs.request({
    contentType: 'image/jpeg',
    contentLength: image.byteLength,
    operations: [{ op: 'resize', width: 320 }],
  });
  await app.jobs.upload(job, image, 'image/jpeg');
  return job;
};

/** Waits until the message has been received too often, and lets the time between the receives pass. */
const untilGivenUp = async (app: App, id: string): Promise<Job> => {
  const hiddenMs = await visibilityMsOf(app.sqs, app.output('JobsQueueUrl'));
  let attempts = 0;
  return until(
    `job ${id} to be given up`,
    async () => {
      const job = await app.jobs.get(id);
      if (job.attempt > attempts) await app.passTime(hiddenMs);
      attempts = job.attempt;
      return job;
    },
    ({ status }) => ENDED.includes(status),
    patience,
  );
};

const find = async (app: App, queueUrl: string, jobId: string): Promise<DeadLetter> => {
  const letters = await until(
    `the message of job ${jobId} to be among the dead letters`,
    async () => (await inspect(app.sqs, queueUrl)).filter(({ body }) => body.includes(jobId)),
    (found) => found.length > 0,
    patience,
  );
  const [letter] = letters;
  if (!letter) throw new Error(`No dead letter is about job ${jobId}`);
  return letter;
};
