import type { App } from './app/app.ts';
import { acknowledge, receiveSome, sendAll, withOwnQueue } from './app/own-queue.ts';
import { withOwnTopic } from './app/own-topic.ts';
import { type Stage, scenario } from './scenario.ts';

const MESSAGES = 100;
const CONSUMERS = 4;
const texts = Array.from({ length: MESSAGES }, (_, n) => `message ${n}`);

export const queueVsTopic = scenario(
  'queue-vs-topic',
  'queue and topic side by side',
  `of the same ${MESSAGES} messages a queue gives ${MESSAGES} to all its consumers together, a topic ${MESSAGES} to each`,
  async (stage) => {
    await throughAQueue(stage);
    await throughATopic(stage);
  },
);

const throughAQueue = ({ app, check, hop }: Stage): Promise<void> =>
  withOwnQueue(app, async ({ url }) => {
    const taken: string[] = [];
    const working = Array.from({ length: CONSUMERS }, () => consume(app, url, taken));
    await sendAll(app, url, texts);
    const byConsumer = await Promise.all(working);
    hop(`${MESSAGES} messages through a queue with ${CONSUMERS} consumers`);
    check(`the queue's consumers have ${MESSAGES} messages in all`, taken.length === MESSAGES, {
      total: taken.length,
      byConsumer: byConsumer.map(({ length }) => length),
    });
    check('each message went to exactly one of them', sameTexts(taken), {
      different: new Set(taken).size,
      most: Math.max(...byConsumer.map(({ length }) => length)),
    });
  });

const throughATopic = ({ app, check, hop }: Stage): Promise<void> =>
  withOwnTopic(app, async (topic) => {
    const subscribers = await Promise.all(Array.from({ length: CONSUMERS }, () => topic.subscribe()));
    await Promise.all(texts.map((text) => topic.publish(text)));
    const copies = await Promise.all(subscribers.map((one) => one.receive(MESSAGES)));
    hop(`${MESSAGES} messages through a topic with ${CONSUMERS} subscribers`);
    check(
      `each of the topic's subscribers has ${MESSAGES} messages`,
      copies.every(({ length }) => length === MESSAGES),
      { total: copies.flat().length, bySubscriber: copies.map(({ length }) => length) },
    );
    check('each subscriber has every message, once', copies.every(sameTexts), {
      different: copies.map((some) => new Set(some).size),
    });
  });

/** Works until all messages are taken, by whomever. @returns what this one has taken */
const consume = async (app: App, url: string, taken: string[]): Promise<string[]> => {
  const own: string[] = [];
  const deadline = Date.now() + 60_000;
  while (taken.length < MESSAGES && Date.now() < deadline) {
    const messages = await receiveSome(app, url);
    const bodies = messages.map(({ Body = '' }) => Body);
    await acknowledge(app, url, messages);
    own.push(...bodies);
    taken.push(...bodies);
  }
  return own;
};

const sameTexts = (some: readonly string[]): boolean => some.toSorted().join() === texts.toSorted().join();
