import { mapped, turn } from './sqs-mapping.ts';

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
