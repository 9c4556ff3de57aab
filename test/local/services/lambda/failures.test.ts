import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VirtualClock } from '../../../../local/clock.ts';
import { IDLE_LIMIT_MS } from '../../../../local/services/lambda/environment-pool.ts';
import { account, type LambdaInTest, lambdaInTest, until } from './lambda-in-test.ts';

let cloud: LambdaInTest;
let clock: VirtualClock;

beforeEach(() => {
  clock = new VirtualClock();
  cloud = lambdaInTest(clock);
});

afterEach(async () => {
  await cloud.close();
});

const invoke = async (arn: string, event: unknown = {}) => {
  const invocation = await cloud.lambda.invoke(arn, JSON.stringify(event), account);
  return { ...invocation, answer: JSON.parse(invocation.payload) };
};

test('an error that the handler throws is the payload, and the environment lives on', async () => {
  const arn = await cloud.create();

  const { functionError, answer, statusCode } = await invoke(arn, { throw: 'wrong' });

  expect({ functionError, statusCode }).toEqual({ functionError: 'Unhandled', statusCode: 200 });
  expect(answer).toEqual({
    errorType: 'TypeError',
    errorMessage: 'wrong',
    trace: expect.arrayContaining(['TypeError: wrong']),
  });
  expect((await invoke(arn)).answer.calls).toBe(2);
});

test.each([
  [0, 'Runtime exited without providing a reason'],
  [7, 'Runtime exited with error: exit status 7'],
])(
  'a handler that exits with %d fails its invocation, and the next one gets a new environment',
  async (exit, reason) => {
    const arn = await cloud.create();

    const { answer, requestId } = await invoke(arn, { exit });

    expect(answer).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${requestId} Error: ${reason}`,
    });
    expect((await invoke(arn)).answer.calls).toBe(1);
  },
);

test('an environment that is killed fails its invocation', async () => {
  const arn = await cloud.create();
  const running = invoke(arn, { hang: true });
  await until(() => cloud.lambda.environments(arn).length === 1, 'an environment');

  process.kill(cloud.lambda.environments(arn)[0]?.pid ?? 0, 'SIGKILL');

  expect((await running).answer.errorMessage).toContain('Runtime exited with error: signal: killed');
});

test('a handler that takes more memory than its function has is killed', async () => {
  const arn = await cloud.create({ memoryMb: 128, timeoutSeconds: 60 });

  const { answer } = await invoke(arn, { eat: true });

  expect(answer).toMatchObject({ errorType: 'Runtime.ExitError' });
  expect(answer.errorMessage).toContain('signal: killed');
});

test('a handler that takes longer than its timeout is ended, and its environment replaced', async () => {
  const arn = await cloud.create({ timeoutSeconds: 3 });
  await invoke(arn);
  const running = invoke(arn, { hang: true });
  await until(() => cloud.lambda.environments(arn)[0]?.busy === true, 'the event runs');

  clock.advance(3000);

  const { answer, requestId, logTail } = await running;
  expect(answer).toEqual({
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after 3.00 seconds`,
  });
  expect(logTail).toContain(`${requestId} Task timed out after 3.00 seconds`);
  expect((await invoke(arn)).answer.calls).toBe(1);
});

test('a promise that can never settle fails at once', async () => {
  const arn = await cloud.create();

  expect((await invoke(arn, { never: true })).answer.errorType).toBe('Runtime.NodeJsExit');
});

test('a rejection that nobody handles ends invocation and environment', async () => {
  const arn = await cloud.create();

  const { answer } = await invoke(arn, { reject: true });

  expect(answer).toMatchObject({
    errorType: 'Runtime.UnhandledPromiseRejection',
    errorMessage: 'Error: nobody catches this',
  });
  expect((await invoke(arn)).answer.calls).toBe(1);
});

test('an answer larger than 6 MB fails the invocation', async () => {
  const arn = await cloud.create();

  expect((await invoke(arn, { bytes: 7_000_000 })).answer).toMatchObject({
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
  });
});

test.each([
  ['throws', { handler: 'broken-init.handler' }, { errorType: 'RangeError', errorMessage: 'no init' }],
  [
    'is missing',
    { handler: 'nothing.handler' },
    { errorType: 'Runtime.ImportModuleError', errorMessage: "Error: Cannot find module 'nothing'" },
  ],
  [
    'exports no handler',
    { handler: 'index.other' },
    { errorType: 'Runtime.HandlerNotFound', errorMessage: 'index.other is undefined or not exported' },
  ],
  [
    'does not parse',
    { code: { inline: 'exports.handler = async ( => 1;' } },
    { errorType: 'Runtime.UserCodeSyntaxError' },
  ],
  [
    'imports what is not there',
    { code: { inline: 'require("no-such-package")' } },
    { errorType: 'Runtime.ImportModuleError' },
  ],
  [
    'names no export',
    { handler: 'index' },
    { errorType: 'Runtime.MalformedHandlerName', errorMessage: 'Bad handler' },
  ],
  [
    'takes a callback on Node.js 24',
    { handler: 'index.thrice' },
    { errorType: 'Runtime.CallbackHandlerDeprecated' },
  ],
])('code that %s fails at init', async (_, definition, expected) => {
  const arn = await cloud.create(definition);

  const { functionError, answer } = await invoke(arn);

  expect(functionError).toBe('Unhandled');
  expect(answer).toMatchObject(expected);
});

test.each([
  ['what its code throws', { handler: 'broken-init.handler' }, 'Runtime.Unknown'],
  ['what the runtime says', { handler: 'nothing.handler' }, 'Runtime.ImportModuleError'],
  ['its end', { code: { inline: 'process.exit(1)' } }, 'Runtime.ExitError'],
])('an init that fails is reported with its duration and %s', async (_, definition, errorType) => {
  const arn = await cloud.create(definition);

  const { logTail } = await cloud.lambda.invoke(arn, '{}', account);

  const report = logTail.split('\n').find((line) => line.startsWith('INIT_REPORT'));
  expect(report).toMatch(
    new RegExp(
      `^INIT_REPORT Init Duration: [\\d.]+ ms\tPhase: init\tStatus: error\tError Type: ${errorType}$`,
    ),
  );
});

test('an environment that nobody used for ten minutes is ended', async () => {
  const arn = await cloud.create();
  await invoke(arn);

  clock.advance(IDLE_LIMIT_MS - 1);
  expect(cloud.lambda.environments(arn)).toHaveLength(1);
  clock.advance(1);

  await until(() => cloud.lambda.environments(arn).length === 0, 'the environment is gone');
});

test('no more invocations run than are reserved, and none when that is 0', async () => {
  const arn = await cloud.create({ reservedConcurrency: 1 });
  const running = invoke(arn, { sleepMs: 100 });
  const refused = {
    code: 'TooManyRequestsException',
    status: 429,
    reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
  };

  await expect(invoke(arn)).rejects.toMatchObject(refused);
  expect((await running).functionError).toBeUndefined();
  cloud.lambda.setReservedConcurrency('worker', 0);
  await expect(invoke(arn)).rejects.toMatchObject(refused);
  cloud.lambda.setReservedConcurrency('worker', undefined);

  expect((await invoke(arn)).functionError).toBeUndefined();
  expect(cloud.metrics.filter(({ name }) => name === 'Throttles')).toHaveLength(2);
});

test.each([
  ['an unknown function', 'nobody', '{}', { code: 'ResourceNotFoundException', status: 404 }],
  ['an unknown alias', 'worker:live', '{}', { code: 'ResourceNotFoundException', status: 404 }],
  [
    'a payload over 6 MB',
    'worker',
    `"${'x'.repeat(6 * 1024 * 1024)}"`,
    { code: 'RequestTooLargeException', status: 413 },
  ],
])('%s is refused', async (_, reference, payload, error) => {
  await cloud.create();

  await expect(cloud.lambda.invoke(reference, payload, account)).rejects.toMatchObject(error);
});

test('a caller without lambda:InvokeFunction is refused', async () => {
  const arn = await cloud.create();
  cloud.denied.add('lambda:InvokeFunction');

  await expect(invoke(arn)).rejects.toMatchObject({ code: 'AccessDenied' });
});

test('a function of another runtime is there, and says why it cannot run', async () => {
  const arn = await cloud.create({ runtime: 'python3.13' });

  await expect(invoke(arn)).rejects.toMatchObject({
    code: 'InvalidRuntimeException',
    message: expect.stringContaining('python3.13'),
  });
});

test('log lines and metrics are those of AWS', async () => {
  const arn = await cloud.create();

  const { logTail, requestId } = await invoke(arn, 1);

  await cloud.lambda.close();
  expect(readFileSync(join(cloud.foundation.dataDir, 'logs/worker.log'), 'utf8')).toBe(logTail);
  expect(logTail.split('\n')).toEqual([
    expect.stringMatching(/^INIT_START Runtime Version: nodejs:24\.x/),
    `START RequestId: ${requestId} Version: $LATEST`,
    expect.stringMatching(new RegExp(`^[\\d-]+T[\\d:.]+Z\t${requestId}\tINFO\thandling 1$`)),
    `END RequestId: ${requestId}`,
    expect.stringMatching(
      new RegExp(
        `^REPORT RequestId: ${requestId}\tDuration: [\\d.]+ ms\tBilled Duration: \\d+ ms\tMemory Size: 256 MB\tMax Memory Used: \\d+ MB\tInit Duration: [\\d.]+ ms\t$`,
      ),
    ),
    '',
  ]);
  expect(cloud.metrics.map(({ name }) => name)).toEqual([
    'Invocations',
    'Errors',
    'Duration',
    'ConcurrentExecutions',
  ]);
});

test('the JSON log format gives JSON lines from its level up', async () => {
  const inline = 'exports.handler = async () => { console.debug("low"); console.warn({ a: 1 }); }';
  const arn = await cloud.create({ code: { inline }, logFormat: 'JSON' });

  const { logTail, requestId } = await invoke(arn);

  const lines = logTail
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { type: 'platform.initStart' },
    { type: 'platform.start', record: { requestId } },
    { level: 'WARN', requestId, message: { a: 1 } },
    { type: 'platform.report', record: { requestId, status: 'success' } },
  ]);
});
