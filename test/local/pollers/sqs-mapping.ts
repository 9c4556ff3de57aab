import { VirtualClock } from '../../../local/clock.ts';
import type { Foundation } from '../../../local/cloud.ts';
import { AwsError } from '../../../local/errors.ts';
import type { PollTarget } from '../../../local/pollers/event-source.ts';
import { EventSourceMappings } from '../../../local/pollers/event-source-mappings.ts';
import { SqsEventSource } from '../../../local/pollers/sqs.ts';
import type { SqsRecord } from '../../../local/pollers/sqs-event.ts';
import { ThrottledError } from '../../../local/services/lambda/concurrency.ts';
import { Store } from '../../../local/store.ts';
import { Trace } from '../../../local/trace.ts';
import { FakeQueues } from './fake-queues.ts';

/** One event that the function was given, to be answered by the test. */
interface Running {
  readonly bodies: readonly string[];
  readonly records: readonly SqsRecord[];
  answer(payload?: unknown): Promise<void>;
  fail(): Promise<void>;
}

export const turn = async (): Promise<void> => {
  for (let turns = 0; turns < 50; turns += 1) await Promise.resolve();
};

/** A mapping between a queue and a function that the test plays itself. */
export const mapped = async (settings: Record<string, unknown> = {}, name = 'work') => {
  const clock = new VirtualClock();
  const queues = new FakeQueues(clock, () => ({ messageId: 'sent' }));
  const queueArn = queues.add(name);
  const invoked: Running[] = [];
  const denied = new Set<string>();
  const throttle = { on: false, count: 0 };
  const target: PollTarget = {
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:worker',
    timeoutMs: 3000,
    role: () => ({ kind: 'role', roleArn: 'arn:aws:iam::000000000000:role/worker', session: 'worker' }),
    authorize: (action) => {
      if (denied.has(action)) throw new AwsError('AccessDenied', action, 403);
    },
    invoke: (payload) => {
      if (throttle.on) {
        throttle.count += 1;
        return Promise.reject(new ThrottledError('ReservedFunctionConcurrentInvocationLimitExceeded'));
      }
      const { promise, resolve } = Promise.withResolvers<{
        statusCode: number;
        payload: string;
        logTail: string;
        requestId: string;
        functionError?: string;
      }>();
      const { Records: records }: { Records: SqsRecord[] } = JSON.parse(payload);
      const end = async (ending: { payload: string; functionError?: string }) => {
        resolve({ statusCode: 200, logTail: '', requestId: 'r', ...ending });
        await turn();
      };
      invoked.push({
        records,
        bodies: records.map(({ body }) => body),
        answer: (answer = null) => end({ payload: JSON.stringify(answer) }),
        fail: () => end({ payload: '{}', functionError: 'Unhandled' }),
      });
      return promise;
    },
  };
  const foundation: Foundation = {
    clock,
    store: new Store(':memory:'),
    trace: new Trace(),
    iam: {
      authorize: () => undefined,
      credentialsFor: () => ({ accessKeyId: '', secretAccessKey: '', sessionToken: '' }),
      callerOf: () => ({ kind: 'account' }),
      putRole: () => undefined,
      attachPolicy: () => undefined,
      putResourcePolicy: () => undefined,
      unusedGrants: () => [],
    },
    metrics: { record: () => undefined },
    account: '000000000000',
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:4566',
    dataDir: '',
  };
  const mappings = new EventSourceMappings(foundation, () => target);
  mappings.register('sqs', new SqsEventSource(foundation, queues));
  const create = () => mappings.create({ functionName: 'worker', eventSourceArn: queueArn, settings });
  const put = async (...bodies: string[]): Promise<void> => {
    queues.put(queueArn, bodies);
    await turn();
  };
  const advance = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await turn();
  };
  return { clock, queues, queueArn, invoked, denied, throttle, mappings, create, put, advance };
};
