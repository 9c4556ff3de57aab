import type { App } from './app/app.ts';
import { acknowledge, receiveSome, sendAll, withOwnQueue } from './app/own-queue.ts';
import { until } from './app/until.ts';
import { scenario } from './scenario.ts';

const MESSAGES = 1_000;
const WORKERS = 4;

interface Work {
  readonly received: string[];
  readonly acknowledged: string[];
}

export const queue = scenario(
  'queue',
  'queue (one to one)',
  `of ${MESSAGES} messages each is handled by exactly one of ${WORKERS} workers, acknowledged, and then gone`,
  async ({ app, check, hop }) => {
    await withOwnQueue(app, async ({ url, deadLettersUrl }) => {
      let left = MESSAGES;
      const workers = Array.from({ length: WORKERS }, () =>
        work(app, url, (count) => {
          left -= count;
          return left > 0;
        }),
      );
      const sent = await sendAll(
        app,
        url,
        Array.from({ length: MESSAGES }, (_, n) => `order ${n}`),
      );
      hop(`${sent.length} messages sent`);
      check('each message is accepted, with an id of its own', new Set(sent).size === MESSAGES, {
        sent: sent.length,
        first: sent[0],
        last: sent.at(-1),
      });

      const done = await Promise.all(workers);
      hop(`${WORKERS} workers are done`);
      const received = done.flatMap((worker) => worker.received);
      check('each message went to exactly one worker', sameIds(received, sent), {
        byWorker: done.map((worker) => worker.received.length),
        missing: without(sent, received),
        repeated: repeated(received),
      });
      check(
        'all workers had their share',
        done.every((worker) => worker.received.length > 0),
        done.map((worker) => `${worker.received.length} from ${worker.received[0]}`),
      );
      const acknowledged = done.flatMap((worker) => worker.acknowledged);
      check('each message is acknowledged', sameIds(acknowledged, sent), {
        acknowledged: acknowledged.length,
        missing: without(sent, acknowledged),
      });

      const depth = await until(
        'the queue to be empty',
        () => app.depth(url),
        ({ waiting, inFlight }) => waiting === 0 && inFlight === 0,
        { timeoutMs: 90_000, everyMs: 100 },
      );
      const dead = await app.depth(deadLettersUrl);
      check('the queue is empty, and nothing is a dead letter', dead.waiting + dead.inFlight === 0, {
        depth,
        dead,
      });
    });
  },
);

/** Receives, works and acknowledges, until `goOn` says that the last message is done. */
const work = async (app: App, url: string, goOn: (done: number) => boolean): Promise<Work> => {
  const done: Work = { received: [], acknowledged: [] };
  const deadline = Date.now() + 90_000;
  let more = true;
  while (more && Date.now() < deadline) {
    const messages = await receiveSome(app, url);
    done.received.push(...messages.map(({ MessageId = '' }) => MessageId));
    const acknowledged = await acknowledge(app, url, messages);
    done.acknowledged.push(...acknowledged);
    more = goOn(acknowledged.length);
  }
  return done;
};

const sameIds = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && without(some, others).length === 0 && without(others, some).length === 0;

const without = (ids: readonly string[], others: readonly string[]): string[] => {
  const known = new Set(others);
  return ids.filter((id) => !known.has(id));
};

const repeated = (ids: readonly string[]): string[] => ids.filter((id, index) => ids.indexOf(id) < index);
