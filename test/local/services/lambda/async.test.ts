import { VirtualClock } from '../../../../local/clock.ts';
import { Store } from '../../../../local/store.ts';
import { account, type LambdaInTest, lambdaInTest, roleArn, until } from './lambda-in-test.ts';

const minute = 60_000;
const queue = 'arn:aws:sqs:us-east-1:000000000000:ends';
const asRole = { kind: 'role', roleArn, session: 'worker' };

let cloud: LambdaInTest;
let clock: VirtualClock;
let store: Store;

beforeEach(() => {
  clock = new VirtualClock();
  store = new Store(':memory:');
  cloud = lambdaInTest(clock, store);
});

afterEach(async () => {
  await cloud.close();
});

const invocations = () => cloud.foundation.trace.events().filter(({ action }) => action === 'Invoke').length;
const invoked = (times: number) => until(() => invocations() === times, `${times} invocations`);
const stored = () => store.read('SELECT * FROM lambda_async_events').length;

test('a failed event is tried again after one and two minutes, then told to the destination on failure', async () => {
  const arn = await cloud.create();
  cloud.lambda.setEventInvokeConfig(arn, { onFailure: queue });

  await cloud.lambda.invokeAsync(arn, '{"throw":"always"}', account);
  await invoked(1);
  clock.advance(minute - 1);
  expect(invocations()).toBe(1);
  clock.advance(1);
  await invoked(2);
  clock.advance(2 * minute);
  await until(() => cloud.sent.length === 1, 'the destination is told');

  expect(invocations()).toBe(3);
  expect(cloud.sent[0]).toMatchObject({ target: queue, caller: asRole });
  expect(JSON.parse(cloud.sent[0]?.body ?? '')).toEqual({
    version: '1.0',
    timestamp: expect.any(String),
    requestContext: {
      requestId: expect.any(String),
      functionArn: `${arn}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: { throw: 'always' },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'TypeError', errorMessage: 'always', trace: expect.any(Array) },
  });
  await until(() => stored() === 0, 'the event is forgotten');
});

test('success is told to its destination', async () => {
  const arn = await cloud.create();
  cloud.lambda.setEventInvokeConfig(arn, { onSuccess: 'arn:aws:sns:us-east-1:000000000000:done' });

  await cloud.lambda.invokeAsync(arn, '{}', account);
  await until(() => cloud.sent.length === 1, 'the destination is told');

  expect(JSON.parse(cloud.sent[0]?.body ?? '')).toMatchObject({
    requestContext: { condition: 'Success', approximateInvokeCount: 1 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST' },
  });
});

test('a bucket as destination gets one object for each failure', async () => {
  const arn = await cloud.create();
  cloud.lambda.setEventInvokeConfig(arn, { onFailure: 'arn:aws:s3:::failures', maximumRetryAttempts: 0 });

  await cloud.lambda.invokeAsync(arn, '{"throw":"x"}', account);
  await until(() => cloud.sent.length === 1, 'the destination is told');

  expect(cloud.sent[0]?.target).toMatch(
    /^failures\/aws\/lambda\/async\/worker\/2026\/01\/01\/2026-01-01T00\.00\.00-[0-9a-f-]{36}$/,
  );
});

test('a dead-letter queue gets the event itself, with its failure as attributes', async () => {
  const arn = await cloud.create({ deadLetterArn: queue });
  cloud.lambda.setEventInvokeConfig(arn, { maximumRetryAttempts: 0 });

  await cloud.lambda.invokeAsync(arn, '{"throw":"bad"}', account);
  await until(() => cloud.sent.length === 1, 'the queue is told');

  expect(cloud.sent[0]).toMatchObject({
    target: queue,
    body: '{"throw":"bad"}',
    attributes: {
      RequestID: { dataType: 'String', stringValue: expect.any(String) },
      ErrorCode: { dataType: 'Number', stringValue: '200' },
      ErrorMessage: { dataType: 'String', stringValue: 'bad' },
    },
  });
});

test('each alias has settings of its own for its events', async () => {
  const arn = await cloud.create();
  const live = cloud.lambda.putQualifier(arn, 'live');
  cloud.lambda.setEventInvokeConfig(live, { onFailure: queue, maximumRetryAttempts: 0 });
  cloud.lambda.setEventInvokeConfig(arn, { maximumRetryAttempts: 1 });

  await cloud.lambda.invokeAsync(arn, '{"throw":"latest"}', account);
  await invoked(1);
  await cloud.lambda.invokeAsync(live, '{"throw":"live"}', account);
  await until(() => cloud.sent.length === 1, 'the destination is told');

  expect(JSON.parse(cloud.sent[0]?.body ?? '')).toMatchObject({
    requestContext: { functionArn: live, approximateInvokeCount: 1 },
    requestPayload: { throw: 'live' },
  });
  expect(stored()).toBe(1);
});

test('an event that is throttled waits for concurrency, and does not use up its retries', async () => {
  const arn = await cloud.create({ reservedConcurrency: 1 });
  const running = cloud.lambda.invoke(arn, '{"sleepMs":100}', account);

  await cloud.lambda.invokeAsync(arn, '{}', account);
  await until(() => cloud.metrics.length === 1, 'a throttle');
  await running;
  clock.advance(1000);

  await invoked(2);
  expect(cloud.metrics[0]?.name).toBe('Throttles');
  const steps = cloud.foundation.trace.events().map(({ action, ids }) => [action, ids?.attempt]);
  expect(steps).toEqual([
    ['Throttle', 1],
    ['Invoke', undefined],
    ['Invoke', 1],
  ]);
});

test('an event for a function that is switched off by a reserved concurrency of 0 is told at once', async () => {
  const arn = await cloud.create({ reservedConcurrency: 0, deadLetterArn: 'arn:aws:sqs:us-east-1:0:dead' });
  cloud.lambda.setEventInvokeConfig(arn, { onFailure: queue });

  await cloud.lambda.invokeAsync(arn, '{"event":1}', account);
  await until(() => stored() === 0, 'the event is forgotten');

  expect(cloud.sent.map(({ target }) => target)).toEqual(['arn:aws:sqs:us-east-1:0:dead', queue]);
  expect(JSON.parse(cloud.sent[1]?.body ?? '')).toEqual({
    version: '1.0',
    timestamp: expect.any(String),
    requestContext: {
      requestId: expect.any(String),
      functionArn: `${arn}:$LATEST`,
      condition: 'ZeroReservedConcurrency',
      approximateInvokeCount: 0,
    },
    requestPayload: { event: 1 },
  });
});

test('an event that grows older than its maximum age is told as such', async () => {
  const arn = await cloud.create();
  cloud.lambda.setEventInvokeConfig(arn, { onFailure: queue, maximumEventAgeSeconds: 60 });

  await cloud.lambda.invokeAsync(arn, '{"throw":"x"}', account);
  await invoked(1);
  clock.advance(minute + 1);
  await invoked(2);
  clock.advance(2 * minute);
  await until(() => cloud.sent.length === 1, 'the destination is told');

  expect(JSON.parse(cloud.sent[0]?.body ?? '').requestContext).toMatchObject({
    condition: 'EventAgeExceeded',
    approximateInvokeCount: 2,
  });
});

test('an event that would be too old for its next attempt is told at once, with its last failure (recorded)', async () => {
  const arn = await cloud.create();
  cloud.lambda.setEventInvokeConfig(arn, { onFailure: queue, maximumEventAgeSeconds: 90 });

  await cloud.lambda.invokeAsync(arn, '{"throw":"x"}', account);
  await invoked(1);
  clock.advance(minute);
  await invoked(2);
  await until(() => cloud.sent.length === 1, 'the destination is told');

  expect(JSON.parse(cloud.sent[0]?.body ?? '')).toMatchObject({
    requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 2 },
    responseContext: { functionError: 'Unhandled' },
  });
});

test('an accepted event survives a restart', async () => {
  const arn = await cloud.create({ reservedConcurrency: 1 });
  const running = cloud.lambda.invoke(arn, '{"hang":true}', account);
  await cloud.lambda.invokeAsync(arn, '{"event":1}', account);
  await cloud.close();
  await running.catch(() => undefined);
  expect(stored()).toBe(1);

  cloud = lambdaInTest(clock, store);
  await cloud.create();
  clock.advance(5000);

  await invoked(1);
  await until(() => stored() === 0, 'the event is forgotten');
});

test('an event over 1 MB is refused', async () => {
  const arn = await cloud.create();

  await expect(cloud.lambda.invokeAsync(arn, `"${'x'.repeat(1024 * 1024)}"`, account)).rejects.toMatchObject({
    code: 'RequestTooLargeException',
    status: 413,
  });
});
