import { randomUUID } from 'node:crypto';
import { setConsuming } from './app/consumers.ts';
import { forgetFeedback, keptFeedback, postFeedback } from './app/feedback.ts';
import { until } from './app/until.ts';
import { scenario } from './scenario.ts';

const MESSAGES = 500;

export const queueOutage = scenario(
  'queue-outage',
  'queue (one to one)',
  `${MESSAGES} requests are accepted while nobody works, and all are done once somebody does`,
  async ({ app, check, hop }) => {
    const run = randomUUID();
    const queueUrl = app.output('FeedbackQueueUrl');
    const consumer = app.output('KeepFeedbackFunctionName');
    const texts = Array.from({ length: MESSAGES }, (_, n) => `${run} ${n}`);
    const deadBefore = await app.depth(app.output('FeedbackDeadLettersUrl'));
    await setConsuming(app, consumer, false);
    try {
      const before = await app.depth(queueUrl);
      const statuses = [...(await postFeedback(app, texts)).values()];
      hop(`${statuses.length} requests answered, the consumer is off`);
      check(
        'producers are not disturbed: each request is accepted (202)',
        statuses.every((status) => status === 202),
        { requests: statuses.length, statuses: [...new Set(statuses)] },
      );
      const { waiting } = await until(
        `the queue to have ${MESSAGES} messages more`,
        () => app.depth(queueUrl),
        (depth) => depth.waiting - before.waiting >= MESSAGES,
        { timeoutMs: 90_000, everyMs: 100 },
      );
      check('the queue keeps what nobody takes', waiting - before.waiting === MESSAGES, { before, waiting });
      const early = await keptFeedback(app, run);
      check('nothing is done meanwhile', early.size === 0, { kept: early.size });
    } finally {
      await setConsuming(app, consumer, true);
    }

    hop('the consumer is on again');
    const kept = await until(
      `${MESSAGES} requests to be done`,
      () => keptFeedback(app, run),
      ({ size }) => size >= MESSAGES,
      { timeoutMs: 90_000, everyMs: 100 },
    ).catch(() => keptFeedback(app, run));
    hop(`${kept.size} requests are done`);
    const done = new Set(kept.values());
    check(
      'none is lost',
      texts.every((text) => done.has(text)),
      { accepted: texts.length, lost: texts.filter((text) => !done.has(text)) },
    );
    check('each is done once', kept.size === MESSAGES && done.size === MESSAGES, {
      messageIds: kept.size,
      requests: done.size,
    });
    const dead = await app.depth(app.output('FeedbackDeadLettersUrl'));
    check('nothing has become a dead letter', dead.waiting === deadBefore.waiting, { deadBefore, dead });
    await forgetFeedback(app, kept.keys());
  },
);
