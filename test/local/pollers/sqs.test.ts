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

const turn = async (): Promise<void> => {
  for (let turns = 0; turns < 50; turns += 1) await Promise.resolve();
};

/** A mapping between a queue and a function that the test plays itself. */
const mapped = async (settings: Record<string, unknown> = {}, name = 'work') => {
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

const letters = (count: number): string[] => Array.from({ length: count }, (_, index) => `message ${index}`);

describe('a batch', () => {
  test('comes as soon as a message is sent, and is deleted once it was handled', async () => {
    const { create, put, invoked, queues, queueArn } = await mapped();
    create();
    await turn();

    await put('hello');
    expect(invoked.map(({ bodies }) => bodies)).toEqual([['hello']]);
    expect(queues.bodies(queueArn)).toEqual(['hello']);
    await invoked[0]?.answer();

    expect(queues.bodies(queueArn)).toEqual([]);
  });

  test('has records as on AWS', async () => {
    const { create, queues, queueArn, invoked } = await mapped();
    queues.put(queueArn, ['hello'], { Author: { dataType: 'String', stringValue: 'Ann' } });
    create();
    await turn();

    expect(invoked[0]?.records).toEqual([
      {
        messageId: 'm0',
        receiptHandle: 'm0#1',
        body: 'hello',
        attributes: { ApproximateReceiveCount: '1' },
        messageAttributes: {
          Author: { stringValue: 'Ann', stringListValues: [], binaryListValues: [], dataType: 'String' },
        },
        md5OfBody: '5d41402abc4b2a76b9719d911017c592',
        eventSource: 'aws:sqs',
        eventSourceARN: queueArn,
        awsRegion: 'us-east-1',
      },
    ]);
  });

  test('has no more messages than its size, and within the batching window all that come', async () => {
    const { create, put, invoked, advance } = await mapped({
      BatchSize: 25,
      MaximumBatchingWindowInSeconds: 5,
    });
    create();
    await turn();

    await put(...letters(12));
    await advance(4999);
    await put('late');
    expect(invoked).toHaveLength(0);
    await advance(1);
    await put(...letters(30));

    expect(invoked.map(({ bodies }) => bodies.length)).toEqual([13, 25]);
  });

  test('that fails waits out the visibility timeout', async () => {
    const { create, put, invoked, advance } = await mapped();
    create();
    await put('again');

    await invoked[0]?.fail();
    await advance(29_999);
    expect(invoked).toHaveLength(1);
    await advance(1);

    expect(invoked[1]?.records).toMatchObject([
      { body: 'again', attributes: { ApproximateReceiveCount: '2' } },
    ]);
  });

  test('larger than a payload may be is split', async () => {
    const { create, put, invoked } = await mapped();
    create();
    const megabyte = 'x'.repeat(1024 * 1024);

    await put(...Array.from({ length: 10 }, () => megabyte));

    expect(invoked.map(({ bodies }) => bodies.length)).toEqual([5, 5]);
  });
});

describe('ReportBatchItemFailures', () => {
  const reporting = { FunctionResponseTypes: ['ReportBatchItemFailures'] };

  test.each([
    ['names one', { batchItemFailures: [{ itemIdentifier: 'm1' }] }, ['b']],
    ['is null', null, []],
    ['is empty', {}, []],
    ['is an empty text', '', []],
    ['has no failures', { batchItemFailures: [] }, []],
    ['has null for failures', { batchItemFailures: null }, []],
    ['names a record that was not there', { batchItemFailures: [{ itemIdentifier: 'm7' }] }, ['a', 'b', 'c']],
    ['has an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }, ['a', 'b', 'c']],
    ['has null for an identifier', { batchItemFailures: [{ itemIdentifier: null }] }, ['a', 'b', 'c']],
    ['has another key', { batchItemFailures: [{ foo: 'm1' }] }, ['a', 'b', 'c']],
    ['is something else', 'what?', ['a', 'b', 'c']],
  ])('an answer that %s leaves what failed', async (_, answer, left) => {
    const { create, put, invoked, queues, queueArn } = await mapped(reporting);
    create();
    await put('a', 'b', 'c');

    await invoked[0]?.answer(answer);

    expect(queues.bodies(queueArn)).toEqual(left);
  });

  test('is heeded only when the mapping says so', async () => {
    const { create, put, invoked, queues, queueArn } = await mapped();
    create();
    await put('a', 'b');

    await invoked[0]?.answer({ batchItemFailures: [{ itemIdentifier: 'm1' }] });

    expect(queues.bodies(queueArn)).toEqual([]);
  });
});

test('what the filter does not let pass is deleted unseen', async () => {
  const Pattern = JSON.stringify({ body: { kind: ['order'] } });
  const { create, put, invoked, queues, queueArn } = await mapped({
    FilterCriteria: { Filters: [{ Pattern }] },
  });
  create();

  await put('{"kind":"order"}', '{"kind":"chat"}', 'no JSON');

  expect(invoked.map(({ bodies }) => bodies)).toEqual([['{"kind":"order"}']]);
  expect(queues.bodies(queueArn)).toEqual(['{"kind":"order"}']);
});

describe('concurrency', () => {
  test('begins with five batches and grows while a backlog lasts', async () => {
    const { create, put, invoked, advance } = await mapped({ BatchSize: 1 });
    create();

    await put(...letters(20));
    expect(invoked).toHaveLength(5);
    await advance(200);
    expect(invoked).toHaveLength(6);
    for (let rounds = 0; rounds < 5; rounds += 1) await advance(200);

    expect(invoked).toHaveLength(11);
  });

  test('never exceeds MaximumConcurrency', async () => {
    const { create, put, invoked, advance } = await mapped({
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    create();
    await put(...letters(10));

    for (let rounds = 0; rounds < 10; rounds += 1) await advance(200);
    expect(invoked).toHaveLength(2);
    await invoked[0]?.answer();

    expect(invoked).toHaveLength(3);
  });

  test('a throttled batch is tried again until its messages become visible', async () => {
    const { create, put, invoked, throttle, advance } = await mapped();
    throttle.on = true;
    create();
    await put('patient');
    for (let seconds = 0; seconds < 10; seconds += 1) await advance(1000);
    expect(throttle.count).toBeGreaterThan(5);

    throttle.on = false;
    await advance(1000);

    expect(invoked[0]?.records).toMatchObject([{ attributes: { ApproximateReceiveCount: '1' } }]);
  });

  test('a batch that stays throttled goes back to the queue', async () => {
    const { create, put, invoked, throttle, advance } = await mapped();
    throttle.on = true;
    create();
    await put('patient');
    for (let seconds = 0; seconds < 31; seconds += 1) await advance(1000);

    throttle.on = false;
    await advance(1000);

    expect(invoked[0]?.records).toMatchObject([{ attributes: { ApproximateReceiveCount: '2' } }]);
  });
});

describe('a mapping', () => {
  test('that is disabled takes nothing, and goes on when it is enabled', async () => {
    const { create, put, invoked, mappings, queues, queueArn } = await mapped();
    const { UUID } = create();
    await turn();

    mappings.update(UUID, { enabled: false, settings: {} });
    await put('one');
    expect([invoked.length, queues.depth(queueArn).visible]).toEqual([0, 1]);
    mappings.update(UUID, { enabled: true, settings: {} });
    await turn();

    expect(invoked.map(({ bodies }) => bodies)).toEqual([['one']]);
  });

  test('is Disabling until what it has taken is done', async () => {
    const { create, put, invoked, mappings } = await mapped();
    const { UUID } = create();
    await put('one');

    mappings.update(UUID, { enabled: false, settings: {} });
    await turn();
    expect(mappings.get(UUID).State).toBe('Disabling');
    await invoked[0]?.answer();

    expect(mappings.get(UUID).State).toBe('Disabled');
  });

  test('has the same UUID on every start', async () => {
    const { UUID } = (await mapped()).create();

    expect((await mapped()).create().UUID).toBe(UUID);
    expect(UUID).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('that loses its permission takes nothing until it has it again', async () => {
    const { create, put, denied, invoked, advance } = await mapped();
    create();
    denied.add('sqs:ReceiveMessage');
    await advance(20_000);

    await put('one');
    expect(invoked).toHaveLength(0);
    denied.clear();
    await advance(10_000);

    expect(invoked).toHaveLength(1);
  });

  test.each([
    [
      'a window is missing',
      { BatchSize: 11 },
      'work',
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    ],
    [
      'a pattern is no pattern',
      { FilterCriteria: { Filters: [{ Pattern: '"text"' }] } },
      'work',
      'Invalid filter pattern definition.',
    ],
    [
      'a FIFO queue has a window',
      { MaximumBatchingWindowInSeconds: 1 },
      'work.fifo',
      'Batching window is not supported for FIFO queues.',
    ],
    [
      'a stream setting is given',
      { StartingPosition: 'LATEST' },
      'work',
      expect.stringContaining('StartingPosition'),
    ],
    [
      'the concurrency is too low',
      { ScalingConfig: { MaximumConcurrency: 1 } },
      'work',
      expect.stringContaining('MaximumConcurrency'),
    ],
  ])('is refused when %s', async (_, settings, name, message) => {
    const { create } = await mapped(settings, name);

    expect(create).toThrow(expect.objectContaining({ code: 'InvalidParameterValueException', message }));
  });

  test('is refused without the permissions that polling needs', async () => {
    const { create, denied } = await mapped();
    denied.add('sqs:DeleteMessage');

    expect(create).toThrow(
      'The function execution role does not have permissions to call DeleteMessage on SQS',
    );
  });

  test('is refused when its messages come back before the function is done', async () => {
    const { queues, mappings } = await mapped();
    const eventSourceArn = queues.add('hasty', 2000);

    expect(() => mappings.create({ functionName: 'worker', eventSourceArn, settings: {} })).toThrow(
      'Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds',
    );
  });

  test('is refused for a queue that does not exist', async () => {
    const { mappings, queueArn } = await mapped();

    expect(() =>
      mappings.create({ functionName: 'worker', eventSourceArn: `${queueArn}-not`, settings: {} }),
    ).toThrow(
      'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
    );
  });
});
