import { randomUUID } from 'node:crypto';
import { withEnvironments } from './app/environments.ts';
import { eventOf, publishIssue, type Subscriber, subscribeWebhook } from './app/newsletters.ts';
import { type ReceivedRequest, type Receiver, startReceiver } from './app/receiver.ts';
import { until } from './app/until.ts';
import { type Stage, scenario } from './scenario.ts';

/** As many messages as there are receivers. */
const BACKLOG = 24;
/** How long a receiver takes to answer, in ms: the work is waiting, so that it needs environments and not processors. */
const ANSWER_MS = 200;

/** Whatever else a machine does can only add to a time: where it did, everything is measured again, and the least counts. */
const ROUNDS = 2;
/** How many times sooner the backlog has to be gone with twice the environments. */
const ONE_TO_TWO = 1.5;
const TWO_TO_FOUR = 1.4;

export const scaleOut = scenario(
  'scale-out',
  'queue (one to one)',
  `a backlog of ${BACKLOG} messages is gone sooner the more environments work on it: 1, 2, 4`,
  async (stage) => {
    const { app } = stage;
    const run = `run-${randomUUID().slice(0, 8)}`;
    const receiver = await startReceiver(app);
    const subscribers: Subscriber[] = [];
    try {
      for (let n = 0; n < BACKLOG; n += 8) {
        const paths = Array.from({ length: 8 }, (_, index) => `/${run}/${n + index}`);
        const some = paths.map((path) => subscribeWebhook(app, receiver, path, [run]));
        subscribers.push(...(await Promise.all(some)));
      }
      stage.hop(`${BACKLOG} webhooks subscribed; each takes ${ANSWER_MS} ms to answer`);
      receiver.respond(() => ({ status: 204, delayMs: ANSWER_MS }));
      const drained: Drained[] = [];
      await withEnvironments(app, app.output('DeliverWebhooksFunctionName'), async (setEnvironments) => {
        for (let round = 1; round === 1 || (round <= ROUNDS && !speaksForItself(drained)); round += 1) {
          for (const environments of [1, 2, 4]) {
            await setEnvironments(environments);
            drained.push(await drain(stage, run, environments, receiver));
          }
        }
      });
      compare(stage, drained);
    } finally {
      for (const one of subscribers) await one.end();
      await receiver.close();
    }
  },
);

interface Drained {
  readonly environments: number;
  /** From the first webhook to the last. */
  readonly ms: number;
  readonly receivers: number;
  readonly webhooks: number;
  /** The most webhooks that were being answered at the same time. */
  readonly atOnce: number;
}

/** One issue makes one message for each webhook: the backlog. */
const drain = async (
  { app, hop }: Stage,
  topic: string,
  environments: number,
  receiver: Receiver,
): Promise<Drained> => {
  const subject = `For ${environments}`;
  const issue = await publishIssue(app, { topic, subject, body: 'Take your time.' });
  const webhooks = await until(
    `${BACKLOG} webhooks from ${environments} environments`,
    () => receiver.requests.filter((request) => eventOf(request).data.issueId === issue),
    (some) => new Set(some.map(({ path }) => path)).size === BACKLOG,
    { timeoutMs: 60_000 },
  );
  const times = webhooks.map(({ at }) => at);
  const ms = Math.max(...times) - Math.min(...times);
  hop(`${BACKLOG} webhooks from ${environments} environments in ${ms} ms`);
  const receivers = new Set(webhooks.map(({ path }) => path)).size;
  return { environments, ms, receivers, webhooks: webhooks.length, atOnce: mostAtOnce(webhooks) };
};

const compare = ({ check }: Stage, drained: readonly Drained[]): void => {
  check(
    'every webhook of the backlog was sent, each once',
    drained.every(({ receivers, webhooks }) => receivers === BACKLOG && webhooks === BACKLOG),
    drained.map(({ environments, webhooks, receivers }) => ({ environments, webhooks, receivers })),
  );
  check(
    'never more at once than there are environments',
    drained.every(({ environments, atOnce }) => atOnce <= environments),
    drained.map(({ environments, atOnce }) => ({ environments, atOnce })),
  );
  const [one, two, four] = [1, 2, 4].map((environments) => leastMs(drained, environments));
  check(
    `two environments are at least ${ONE_TO_TWO} times as fast as one`,
    gain(drained, 1, 2) >= ONE_TO_TWO,
    {
      oneMs: one,
      twoMs: two,
      times: gain(drained, 1, 2),
    },
  );
  check(`four are at least ${TWO_TO_FOUR} times as fast as two`, gain(drained, 2, 4) >= TWO_TO_FOUR, {
    twoMs: two,
    fourMs: four,
    times: gain(drained, 2, 4),
  });
};

const speaksForItself = (drained: readonly Drained[]): boolean =>
  gain(drained, 1, 2) >= ONE_TO_TWO && gain(drained, 2, 4) >= TWO_TO_FOUR;

const leastMs = (drained: readonly Drained[], environments: number): number =>
  Math.min(...drained.filter((one) => one.environments === environments).map(({ ms }) => ms));

const gain = (drained: readonly Drained[], few: number, many: number): number =>
  Number((leastMs(drained, few) / leastMs(drained, many)).toFixed(2));

/** A webhook is being answered for `ANSWER_MS`; a little less, for the clocks' sake. */
const mostAtOnce = (webhooks: readonly ReceivedRequest[]): number => {
  const overlapping = webhooks.map(
    ({ at }) => webhooks.filter((other) => other.at <= at && at < other.at + ANSWER_MS - 10).length,
  );
  return Math.max(...overlapping);
};
