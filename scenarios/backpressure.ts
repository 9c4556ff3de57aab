import { randomUUID } from 'node:crypto';
import { alarmOn, highestConcurrency, untilAlarm } from './app/alarms.ts';
import type { App } from './app/app.ts';
import { setConsuming, sourcesOf } from './app/consumers.ts';
import { forgetFeedback, keptFeedback, postFeedback } from './app/feedback.ts';
import { acknowledge, BATCH, receiveSome, sendAll, withOwnQueue } from './app/own-queue.ts';
import { until } from './app/until.ts';
import { type Stage, scenario } from './scenario.ts';

/** The alarm on the backlog goes off at 100. */
const BACKLOG = 150;
const WAITING = 'ApproximateNumberOfMessagesVisible';

const MESSAGES = 400;
const LIMIT = 50;

export const backpressure = scenario(
  'backpressure',
  'queue (one to one)',
  'the state of the queue is known and acted on: an alarm, a bounded number of workers, a producer that pauses',
  async (stage) => {
    await alarmAndWorkers(stage);
    await watchfulProducer(stage);
  },
);

const alarmAndWorkers = async ({ app, check, hop }: Stage): Promise<void> => {
  const run = randomUUID();
  const queueUrl = app.output('FeedbackQueueUrl');
  const consumer = app.output('KeepFeedbackFunctionName');
  const [source] = await sourcesOf(app, consumer);
  const most = source?.ScalingConfig?.MaximumConcurrency ?? 0;
  const alarm = () => alarmOn(app, queueUrl, WAITING);
  await untilAlarm(app, alarm, 'OK');
  await setConsuming(app, consumer, false);
  let wentOff: Date;
  try {
    await postFeedback(
      app,
      Array.from({ length: BACKLOG }, (_, n) => `${run} ${n}`),
    );
    hop(`${BACKLOG} messages wait, the consumer is off`);
    const { StateValue, StateReason, StateUpdatedTimestamp } = await untilAlarm(app, alarm, 'ALARM');
    hop('the alarm on the backlog is on');
    check('without a consumer the backlog alarm goes off', StateValue === 'ALARM', StateReason);
    wentOff = StateUpdatedTimestamp ?? new Date();
  } finally {
    await setConsuming(app, consumer, true);
  }

  const kept = await until(
    'the backlog to be done',
    () => keptFeedback(app, run),
    ({ size }) => size >= BACKLOG,
    { timeoutMs: 90_000, everyMs: 100 },
  );
  hop('the consumer is on again, and the backlog is done');
  check('the backlog is done, to the last message', new Set(kept.values()).size === BACKLOG, kept.size);
  const cleared = await untilAlarm(app, alarm, 'OK');
  check('with a consumer the backlog alarm clears', cleared.StateValue === 'OK', cleared.StateReason);
  const highest = await highestConcurrency(app, consumer, wentOff);
  check('never more workers at once than the event source mapping allows', highest >= 1 && highest <= most, {
    ConcurrentExecutions: highest,
    MaximumConcurrency: most,
  });
  await forgetFeedback(app, kept.keys());
};

const watchfulProducer = async ({ app, check, hop }: Stage): Promise<void> =>
  withOwnQueue(app, async ({ url }) => {
    let pauses = 0;
    let highest = 0;
    let done = 0;
    let producing = true;
    const produce = async (): Promise<void> => {
      for (let sent = 0; sent < MESSAGES; ) {
        const { waiting } = await app.depth(url);
        highest = Math.max(highest, waiting);
        if (waiting >= LIMIT) {
          pauses += 1;
          await pause(50);
          continue;
        }
        await sendAll(
          app,
          url,
          Array.from({ length: BATCH }, (_, n) => `reading ${sent + n}`),
        );
        sent += BATCH;
        await pause(seenAfterMs(app));
      }
      producing = false;
    };
    // Slower than the producer: without its pauses the queue would grow as long as it sends.
    const consume = async (): Promise<void> => {
      const deadline = Date.now() + 120_000;
      while ((producing || done < MESSAGES) && Date.now() < deadline) {
        const messages = await receiveSome(app, url);
        await pause(40);
        done += (await acknowledge(app, url, messages)).length;
      }
    };
    await Promise.all([produce(), consume()]);
    hop(`${MESSAGES} messages sent by a producer that watches the queue`);
    check('the producer pauses while too many wait', pauses > 0, { pauses });
    check('the queue never grows beyond its limit and one batch', highest <= LIMIT + BATCH, {
      limit: LIMIT,
      highest,
    });
    check('all are done', done === MESSAGES, { done });
  });

/** "ApproximateNumberOfMessages" follows a little later on AWS: the producer has to see what it has just sent. */
const seenAfterMs = ({ local }: App): number => (local ? 0 : 1_000);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
