import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { TraceEvent } from '../local/trace.ts';
import type { App } from '../scenarios/app/app.ts';
import { acknowledge, receiveSome, sendAll, withOwnQueue } from '../scenarios/app/own-queue.ts';
import { withOwnStream } from '../scenarios/app/own-stream.ts';
import { withOwnTopic } from '../scenarios/app/own-topic.ts';

/** The same work, done in one way. */
export interface Workload {
  readonly name: string;
  readonly does: string;
  /** Messages or requests of one run. */
  readonly size: number;
  /** @returns which events are its own: around it are what sets it up, and the rest of the cloud */
  readonly run: (app: App) => Promise<(event: TraceEvent) => boolean>;
}

const MESSAGES = 100;
const REQUESTS = 20;
const texts = Array.from({ length: MESSAGES }, (_, n) => `${n} `.padEnd(1024, '.'));

/** Made by `withOwnQueue` and the like: nobody else uses them, and their making is no part of the work. */
const WORK = /^(SendMessage|ReceiveMessage|DeleteMessage|Delivery)/;
const onOwn = ({ resource, action, ids }: TraceEvent): boolean =>
  /[:/]scenario-/.test(resource) && (action !== 'Request' || WORK.test(String(ids?.operation)));

const takeAll = async (app: App, queueUrl: string): Promise<void> => {
  for (let left = MESSAGES; left > 0; ) {
    const messages = await receiveSome(app, queueUrl);
    await acknowledge(app, queueUrl, messages);
    left -= messages.length;
  }
};

const throughAQueue = (send: (app: App, url: string) => Promise<unknown>) => async (app: App) => {
  await withOwnQueue(app, async ({ url }) => {
    await send(app, url);
    await takeAll(app, url);
  });
  return onOwn;
};

const oneByOne = async (app: App, QueueUrl: string): Promise<void> => {
  for (const MessageBody of texts) await app.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
};

const throughATopic = (subscribers: number) => async (app: App) => {
  await withOwnTopic(app, async (topic) => {
    const queues = await Promise.all(Array.from({ length: subscribers }, () => topic.subscribe()));
    for (const text of texts) await topic.publish(text);
    for (const { queueUrl } of queues) await takeAll(app, queueUrl);
  });
  return onOwn;
};

const throughAStream = async (app: App) => {
  await withOwnStream(app, 1, async (StreamName) => {
    for (const [n, text] of texts.entries())
      await app.kinesis.send(
        new PutRecordCommand({ StreamName, PartitionKey: String(n), Data: Buffer.from(text) }),
      );
  });
  return onOwn;
};

/** Up to where the broker has it: what the consumer does is the same behind both doors. */
const throughADoor = (path: (n: number) => string, body: (n: number) => object) => async (app: App) => {
  const roots = new Set<string>();
  // The first one may start a process, which is no part of what a million requests cost: it is not counted.
  for (let n = 0; n <= REQUESTS; n += 1) {
    const response = await app.fetch(path(n), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body(n)),
    });
    if (response.status !== 202) throw new Error(`${path(n)} answered ${response.status}`);
    const root = /Root=([^;]+)/.exec(response.headers.get('x-amzn-trace-id') ?? '')?.[1];
    if (root === undefined) throw new Error(`${path(n)} names no trace`);
    if (n > 0) roots.add(root);
  }
  return ({ ids }: TraceEvent): boolean => roots.has(String(ids?.trace));
};

export const workloads: readonly Workload[] = [
  { name: 'queue', does: '1 KB messages, one by one', size: MESSAGES, run: throughAQueue(oneByOne) },
  {
    name: 'queue-batched',
    does: '1 KB messages, ten in a request',
    size: MESSAGES,
    run: throughAQueue((app, url) => sendAll(app, url, texts)),
  },
  { name: 'topic-1', does: '1 KB messages to one subscribed queue', size: MESSAGES, run: throughATopic(1) },
  {
    name: 'topic-3',
    does: '1 KB messages to three subscribed queues',
    size: MESSAGES,
    run: throughATopic(3),
  },
  {
    name: 'stream',
    does: '1 KB records, read by any number of consumers',
    size: MESSAGES,
    run: throughAStream,
  },
  {
    name: 'direct-door',
    does: 'API Gateway straight to a queue',
    size: REQUESTS,
    run: throughADoor(
      () => '/v1/feedback',
      (n) => ({ message: `cost ${n}` }),
    ),
  },
  {
    name: 'lambda-door',
    does: 'API Gateway to a function that sends to a queue',
    size: REQUESTS,
    run: throughADoor(
      () => '/v1/images/cost/edits',
      (n) => ({ op: 'resize', width: 100 + n }),
    ),
  },
];
