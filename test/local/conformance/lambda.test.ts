import {
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { conformance } from './checks.ts';
import { type Target, until } from './target.ts';

const invoke = async ({ lambda }: Target, FunctionName: string, event: unknown = {}) => {
  const { Payload, ...answer } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), LogType: 'Tail' }),
  );
  return {
    ...answer,
    result: JSON.parse(Buffer.from(Payload ?? []).toString() || 'null'),
    log: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
  };
};

conformance('Lambda', (check) => {
  check('Lambda API, "Invoke"', 'an invocation answers with what the handler returned', async (target) => {
    const name = await target.createFunction('export const handler = async (event) => ({ got: event });');

    const answer = await invoke(target, name, { a: 1 });

    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST', result: { got: { a: 1 } } });
    expect(answer.FunctionError).toBeUndefined();
  });

  check(
    'Lambda Developer Guide, "Lambda function errors in Node.js"',
    'what a handler throws is an error of the function, with its name and message',
    async (target) => {
      const name = await target.createFunction(
        "export const handler = async () => { throw new RangeError('too far'); };",
      );

      const answer = await invoke(target, name);

      expect(answer).toMatchObject({
        StatusCode: 200,
        FunctionError: 'Unhandled',
        result: { errorType: 'RangeError', errorMessage: 'too far', trace: expect.any(Array) },
      });
    },
  );

  check(
    'Lambda Developer Guide, "Configure Lambda function timeout"',
    'an invocation that takes too long fails, and the function works on',
    async (target) => {
      const name = await target.createFunction(
        "export const handler = async ({ slow }) => { if (slow) await new Promise(() => setInterval(() => {}, 1000)); return 'quick'; };",
      );
      const { lambda } = target;
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Timeout: 1 }));
      await until(
        () => lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
        ({ LastUpdateStatus }) => LastUpdateStatus === 'Successful',
      );

      const slow = await invoke(target, name, { slow: true });
      const quick = await invoke(target, name);

      expect(slow).toMatchObject({
        FunctionError: 'Unhandled',
        result: { errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds/) },
      });
      expect(quick.result).toBe('quick');
    },
  );

  check(
    'Lambda Developer Guide, "Lambda execution environment"',
    'an environment is used again, and keeps what its module holds',
    async (target) => {
      const name = await target.createFunction(
        'export const handler = async () => (count += 1);\nlet count = 0;',
      );

      const first = await invoke(target, name);
      const second = await invoke(target, name);

      expect([first.result, second.result]).toEqual([1, 2]);
    },
  );

  check(
    'Lambda Developer Guide, "Sending Lambda function logs to CloudWatch Logs"',
    'the end of the log tells start, end and report of the request',
    async (target) => {
      const name = await target.createFunction(
        "export const handler = async () => { console.log('working'); };",
      );

      const { log } = await invoke(target, name);

      expect(log).toMatch(/^START RequestId: [0-9a-f-]{36} Version: \$LATEST/m);
      expect(log).toContain('working');
      expect(log).toMatch(/^END RequestId: /m);
      expect(log).toMatch(
        /^REPORT RequestId: .*Duration: [\d.]+ ms.*Billed Duration: \d+ ms.*Memory Size: 256 MB/m,
      );
    },
  );

  check(
    'Lambda Developer Guide, "Understanding reserved concurrency"',
    'a function without concurrency is throttled',
    async (target) => {
      const FunctionName = await target.createFunction('export const handler = async () => 1;');
      await target.lambda.send(
        new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }),
      );

      await expect(invoke(target, FunctionName)).rejects.toMatchObject({
        name: 'TooManyRequestsException',
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      });

      await target.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
      expect((await invoke(target, FunctionName)).result).toBe(1);
    },
  );

  check(
    'Lambda API, "Invoke"',
    'an asynchronous invocation is accepted with 202 and no result',
    async (target) => {
      const FunctionName = await target.createFunction('export const handler = async () => 1;');

      const answer = await target.lambda.send(
        new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: '{}' }),
      );

      expect(answer.StatusCode).toBe(202);
      expect(Buffer.from(answer.Payload ?? []).toString()).toBe('');
    },
  );

  check('Lambda API, "Invoke"', 'what is no JSON, and what is no function, is refused', async (target) => {
    const FunctionName = await target.createFunction('export const handler = async () => 1;');
    const send = (name: string, Payload: string) =>
      target.lambda.send(new InvokeCommand({ FunctionName: name, Payload }));

    await expect(send(FunctionName, '{')).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
    await expect(send(target.name(), '{}')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  check(
    'Lambda API, "PutFunctionEventInvokeConfig"; recorded on AWS, 24-11-2025',
    'what is done with asynchronous events is put, changed, shown and taken away',
    async (target) => {
      const { lambda } = target;
      const FunctionName = await target.createFunction('export const handler = async () => 1;');

      const put = await lambda.send(
        new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 }),
      );
      await lambda.send(
        new UpdateFunctionEventInvokeConfigCommand({ FunctionName, MaximumEventAgeInSeconds: 90 }),
      );
      const shown = await lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }));
      await lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }));

      expect(put).toMatchObject({
        FunctionArn: expect.stringMatching(/:\$LATEST$/),
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnSuccess: {}, OnFailure: {} },
      });
      expect(shown).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 90 });
      await expect(
        lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName })),
      ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    },
  );
});
