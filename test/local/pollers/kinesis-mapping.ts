import { VirtualClock } from '../../../local/clock.ts';
import type { Foundation } from '../../../local/cloud.ts';
import { AwsError } from '../../../local/errors.ts';
import type { PollTarget } from '../../../local/pollers/event-source.ts';
import { EventSourceMappings } from '../../../local/pollers/event-source-mappings.ts';
import { KinesisEventSource } from '../../../local/pollers/kinesis.ts';
import type { KinesisRecord } from '../../../local/pollers/kinesis-event.ts';
import { Kinesis } from '../../../local/services/kinesis/service.ts';
import { ThrottledError } from '../../../local/services/lambda/concurrency.ts';
import { foundation } from '../services/sqs/sqs-server.ts';

/** One event that the function was given, to be answered by the test. */
interface Running {
  readonly texts: readonly string[];
  readonly records: readonly KinesisRecord[];
  /** What the event says besides its records. */
  readonly about: Readonly<Record<string, unknown>>;
  answer(payload?: unknown): Promise<void>;
  /** Reports the record with that text as the batch's failure. */
  failAt(text: string): Promise<void>;
  fail(): Promise<void>;
}

/** Lets everything run that waits for nothing but a commit. */
export const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 12; turns += 1) await new Promise((resolve) => setImmediate(resolve));
};

const textOf = ({ kinesis }: KinesisRecord): string => Buffer.from(kinesis.data, 'base64').toString();

export interface Told {
  readonly where: string;
  readonly what: unknown;
}

/** A stream in a cloud that can be started again, and a function that the test plays itself. */
export const streamWith = async (
  shardCount = 1,
  base: Foundation & { clock: VirtualClock } = foundation(new VirtualClock()),
) => {
  const { clock } = base;
  const kinesis = new Kinesis(base);
  const stream = await kinesis.ensureStream({ name: 'activity', shardCount });
  const invoked: Running[] = [];
  const told: Told[] = [];
  const throttle = { on: false };
  /** While it is on, the service fails before it comes to the function. */
  const outage = { on: false };
  /** While it is on, nobody can be told anything. */
  const denied = { on: false };
  const target: PollTarget = {
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:counter',
    timeoutMs: 3000,
    role: () => ({ kind: 'role', roleArn: 'arn:aws:iam::000000000000:role/counter', session: 'counter' }),
    authorize: () => undefined,
    invoke: (payload) => {
      if (throttle.on)
        return Promise.reject(new ThrottledError('ReservedFunctionConcurrentInvocationLimitExceeded'));
      if (outage.on) return Promise.reject(new AwsError('ServiceUnavailable', 'not now', 503));
      const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<PollTarget['invoke']>>>();
      const { Records: records, ...about }: { Records: KinesisRecord[] } = JSON.parse(payload);
      const end = async (ending: { payload: string; functionError?: string }) => {
        resolve({ statusCode: 200, logTail: '', requestId: 'request', ...ending });
        await settle();
      };
      const answer = (value: unknown = null) => end({ payload: JSON.stringify(value) });
      invoked.push({
        records,
        about,
        texts: records.map(textOf),
        answer,
        failAt: (text) => {
          const itemIdentifier = records.find((record) => textOf(record) === text)?.kinesis.sequenceNumber;
          return answer({ batchItemFailures: [{ itemIdentifier }] });
        },
        fail: () => end({ payload: '{}', functionError: 'Unhandled' }),
      });
      return promise;
    },
  };
  const tell = async (where: string, what: string) => {
    if (denied.on) throw new AwsError('AccessDenied', `not allowed to write to ${where}`);
    told.push({ where, what: JSON.parse(what) });
    return { messageId: 'm' };
  };
  const mappings = new EventSourceMappings(base, () => target);
  mappings.register(
    'kinesis',
    new KinesisEventSource(base, kinesis, {
      queues: { send: (arn, { body }) => tell(arn, body) },
      topics: () => ({ publish: (arn, { message }) => tell(arn, message) }),
      objects: () => ({
        put: async (bucket, key, body) => {
          await tell(`${bucket}/${key}`, Buffer.from(body).toString());
        },
      }),
    }),
  );
  const map = async (settings: Record<string, unknown> = {}) => {
    const description = mappings.create({
      functionName: 'counter',
      eventSourceArn: stream.arn,
      settings: { StartingPosition: 'TRIM_HORIZON', ...settings },
    });
    await settle();
    return description;
  };
  const put = async (...records: (string | readonly [text: string, key: string])[]) => {
    for (const record of records) {
      const [text, partitionKey] = typeof record === 'string' ? [record, 'key'] : record;
      stream.put({ data: Buffer.from(text), partitionKey });
    }
    await settle();
  };
  const advance = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  const last = () => {
    const running = invoked.at(-1);
    if (!running) throw new Error('the function was not invoked');
    return running;
  };
  const texts = () => invoked.map((running) => running.texts);
  return { base, stream, mappings, map, put, advance, last, invoked, texts, told, throttle, denied, outage };
};
