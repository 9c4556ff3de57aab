import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { Codec } from '../lambdas/messages/codecs/codec.ts';
import { codecs, fromQueueBody, type QueueBody, toQueueBody } from '../lambdas/messages/codecs/queue-body.ts';
import type { JobOutcome } from '../lambdas/messages/job-messages.ts';
import type { App } from './app/app.ts';
import { withOwnQueue } from './app/own-queue.ts';
import { scenario } from './scenario.ts';

const ROUNDS = 2_000;

export const formats = scenario(
  'formats',
  'queue',
  'the same event as JSON, XML and protobuf comes out of a queue as it went in; what each costs in bytes and time',
  ({ app, check, hop }) =>
    withOwnQueue(app, async ({ url }) => {
      const event = anEvent();
      const sizes: Record<string, number> = {};
      for (const codec of codecs) {
        const sent = toQueueBody(codec, event);
        const received = await throughQueue(app, url, sent);
        sizes[codec.contentType] = codec.encode(event).byteLength;
        hop(`${codec.contentType} through the queue`);
        check(
          `${codec.contentType}: equal after decoding`,
          isDeepStrictEqual(fromQueueBody(received), event),
          {
            bytes: sizes[codec.contentType],
            inTheQueue: Buffer.byteLength(received.body),
            ...timesOf(codec, event),
          },
        );
        check(
          `${codec.contentType}: a message cut off is refused by name`,
          refusesHalf(received),
          'CodecError',
        );
      }
      const [json = 0, xml = 0, protobuf = 0] = codecs.map(({ contentType }) => sizes[contentType]);
      check('protobuf is the smallest, XML the largest', protobuf < json && json < xml, sizes);
    }),
);

/** With what makes formats differ: markup, quotes, line ends, letters beyond ASCII, an emoji, a large number. */
const anEvent = (): JobOutcome => {
  const jobId = randomUUID();
  return {
    specversion: '1.0',
    id: `${jobId}:failed`,
    source: 'urn:serverless-ipc:process-image',
    type: 'serverless-ipc.job.failed.v1',
    time: new Date().toISOString(),
    subject: jobId,
    datacontenttype: 'application/json',
    traceparent: `00-${randomUUID().replaceAll('-', '')}-b7ad6b7169203331-01`,
    correlationid: randomUUID(),
    causationid: `${jobId}:requested`,
    data: {
      jobId,
      error: {
        type: 'urn:problem:serverless-ipc:corrupt-image',
        title: 'The image is <damaged> & "cut off"',
        detail: "It ends too early: 'žluťoučký kůň'.\r\n\tTry the original 🦊 \\u0041 \uFFFF.",
        retryable: false,
      },
    },
  };
};

const throughQueue = async (
  app: App,
  QueueUrl: string,
  { contentType, body }: QueueBody,
): Promise<QueueBody> => {
  await app.sqs.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: body,
      MessageAttributes: { contenttype: { DataType: 'String', StringValue: contentType } },
    }),
  );
  const { Body = '', MessageAttributes, ReceiptHandle } = await receiveOne(app, QueueUrl);
  await app.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return { contentType: MessageAttributes?.contenttype?.StringValue ?? '', body: Body };
};

const receiveOne = async (app: App, QueueUrl: string): Promise<Message> => {
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    const { Messages: [message] = [] } = await app.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5, MessageAttributeNames: ['All'] }),
    );
    if (message) return message;
  }
  throw new Error('the message did not come out of the queue');
};

const refusesHalf = ({ contentType, body }: QueueBody): boolean => {
  try {
    fromQueueBody({ contentType, body: body.slice(0, body.length / 2) });
    return false;
  } catch (error) {
    return error instanceof Error && error.name === 'CodecError';
  }
};

/** Mean times in microseconds, after as many rounds that are not counted. */
const timesOf = ({ encode, decode }: Codec, event: JobOutcome) => {
  const bytes = encode(event);
  return { encodeUs: meanUs(() => encode(event)), decodeUs: meanUs(() => decode(bytes)) };
};

const meanUs = (run: () => unknown): number => {
  const timed = () => {
    const startedAt = performance.now();
    for (let round = 0; round < ROUNDS; round += 1) run();
    return performance.now() - startedAt;
  };
  timed();
  return Math.round((timed() / ROUNDS) * 10_000) / 10;
};
