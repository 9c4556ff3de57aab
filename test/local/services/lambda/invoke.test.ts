import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { account, type LambdaInTest, lambdaInTest, roleArn, until } from './lambda-in-test.ts';

let cloud: LambdaInTest;

beforeEach(() => {
  cloud = lambdaInTest();
});

afterEach(async () => {
  await cloud.close();
});

const invoke = async (arn: string, event: unknown = {}) => {
  const invocation = await cloud.lambda.invoke(arn, JSON.stringify(event), account);
  return { ...invocation, answer: JSON.parse(invocation.payload) };
};

describe('handlers', () => {
  test.each([
    [
      'an ES module',
      'index.handler',
      { word: 'a' },
      { calls: 1, event: { word: 'a' }, functionName: 'worker', memory: '256' },
    ],
    ['a response stream', 'index.streaming', { word: 'well' }, 'streamed well'],
    ['CommonJS under a package of ES modules', 'plain.handler', {}, 'plain.js'],
  ])('%s answers', async (_, handler, event, expected) => {
    const arn = await cloud.create({ handler });

    const { answer, functionError } = await invoke(arn, event);

    expect(functionError).toBeUndefined();
    expect(answer).toEqual(typeof expected === 'string' ? expected : expect.objectContaining(expected));
  });

  test('what a response stream writes is there while the function still runs, to whoever wants it', async () => {
    const arn = await cloud.create({ handler: 'index.streaming' });
    const chunks: string[] = [];

    const { payload } = await cloud.lambda.invoke(arn, '{"word":"well"}', account, {
      onChunk: (chunk) => chunks.push(Buffer.from(chunk).toString()),
    });

    expect(chunks).toEqual(['"streamed ', 'well', '"']);
    expect(payload).toBe('');
  });

  test('a callback in a nested CommonJS module answers before Node.js 24', async () => {
    const arn = await cloud.create({ handler: 'nested/common.inner.handler', runtime: 'nodejs22.x' });

    expect((await invoke(arn, 1)).answer).toEqual({ from: 'cjs', event: 1 });
  });

  test('an error given to the callback fails the invocation', async () => {
    const arn = await cloud.create({ handler: 'nested/common.failing', runtime: 'nodejs22.x' });

    expect(await invoke(arn)).toMatchObject({
      functionError: 'Unhandled',
      answer: { errorMessage: 'called back' },
    });
  });

  test('.js with type module and top-level await answers', async () => {
    const arn = await cloud.create({ code: { directory: join(import.meta.dirname, 'fixtures/typed') } });

    expect((await invoke(arn)).answer).toBe('ready');
  });

  test.each([
    ['CommonJS', 'exports.handler = async () => "inline"'],
    ['an ES module', 'import os from "node:os";\nexport const handler = async () => os.EOL && "inline"'],
  ])('inline code as %s answers', async (_, inline) => {
    const arn = await cloud.create({ code: { inline } });

    expect((await invoke(arn)).answer).toBe('inline');
  });
});

describe('environment', () => {
  test('a process is used again, and sees the context of each invocation', async () => {
    const arn = await cloud.create({});

    const first = await invoke(arn);
    const second = await invoke(`${arn}:$LATEST`);

    expect(second.answer).toMatchObject({
      calls: 2,
      pid: first.answer.pid,
      requestId: second.requestId,
      arn: `${arn}:$LATEST`,
    });
    expect(second.answer.remaining).toBeGreaterThan(2000);
  });

  test("it has Lambda's variables and the function's own, and nothing of this process", async () => {
    process.env.LEAKED = 'yes';
    const arn = await cloud.create({ environment: { OWN: '1', NODE_OPTIONS: '--enable-source-maps' } });

    const { answer } = await invoke(arn, { environment: true });
    delete process.env.LEAKED;

    expect(answer.environment).toMatchObject({
      OWN: '1',
      NODE_OPTIONS: '--enable-source-maps',
      AWS_LAMBDA_FUNCTION_NAME: 'worker',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_SESSION_TOKEN: `${roleArn}/worker`,
      TZ: ':UTC',
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-/),
    });
    expect(answer.environment).not.toHaveProperty('LEAKED');
    expect(answer.environment).not.toHaveProperty('HOME');
  });

  test('events at the same time run in processes of their own', async () => {
    const arn = await cloud.create({});

    const answers = await Promise.all([invoke(arn, { sleepMs: 400 }), invoke(arn, { sleepMs: 400 })]);

    expect(new Set(answers.map(({ answer }) => answer.pid)).size).toBe(2);
    expect(cloud.lambda.environments('worker')).toEqual([
      { pid: expect.any(Number), busy: false },
      { pid: expect.any(Number), busy: false },
    ]);
  });

  test('a burst of short events is run by what comes free, not by a process each', async () => {
    const arn = await cloud.create({});

    const answers = await Promise.all(Array.from({ length: 100 }, () => invoke(arn)));

    expect(answers.every(({ functionError }) => functionError === undefined)).toBe(true);
    expect(cloud.lambda.environments('worker').length).toBeLessThan(20);
  });

  test('changed configuration takes effect with the next event', async () => {
    const arn = await cloud.create({});
    const { answer: before } = await invoke(arn);

    await cloud.lambda.updateFunction('worker', { environment: { FIXED: 'true' } });

    const { answer } = await invoke(arn, { environment: true });
    expect(answer.pid).not.toBe(before.pid);
    expect(answer.environment.FIXED).toBe('true');
  });

  test('closing leaves no process behind', async () => {
    const arn = await cloud.create({});
    void invoke(arn, { hang: true }).catch(() => undefined);
    await until(() => cloud.lambda.environments(arn).length === 1, 'an environment');
    const [environment] = cloud.lambda.environments(arn);

    await cloud.lambda.close();

    expect(existsSync(`/proc/${environment?.pid}`)).toBe(false);
    expect(cloud.lambda.environments(arn)).toEqual([]);
  });
});
