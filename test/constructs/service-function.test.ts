import { Match } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import * as z from 'zod';
import { ServiceFunction } from '../../lib/constructs/service-function.ts';
import { aFunction, allowed, emptyStack, templateOf } from './alone.ts';

const alone = templateOf((stack) => {
  aFunction(stack, 'Worker');
});

test('runs Node 24 on arm64, traced, with logs as JSON', () => {
  alone.hasResourceProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    TracingConfig: { Mode: 'Active' },
    LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: Match.stringLikeRegexp('^WorkerLogs') } },
    Environment: { Variables: { NODE_OPTIONS: '--enable-source-maps' } },
  });
});

test('logs are kept for a time, and the role may write no others', () => {
  alone.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  expect(allowed(alone)).toContainEqual({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resource: { 'Fn::GetAtt': [expect.stringMatching(/^WorkerLogs/), 'Arn'] },
  });
  alone.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
});

test("the caller's props win", () => {
  const template = templateOf((stack) => {
    aFunction(stack, 'Worker', [], {
      reservedConcurrency: 3,
      functionProps: { memorySize: 3008, environment: { NODE_OPTIONS: '--max-http-header-size=32768' } },
    });
  });

  template.hasResourceProperties('AWS::Lambda::Function', {
    MemorySize: 3008,
    ReservedConcurrentExecutions: 3,
    Environment: { Variables: { NODE_OPTIONS: '--max-http-header-size=32768' } },
  });
});

test('a variable that nothing binds is named at synth', () => {
  const build = () => templateOf((stack) => void aFunction(stack, 'Worker', ['JOBS_TABLE']));

  expect(build).toThrow(
    "environment variable JOBS_TABLE is in the function's env schema but nothing binds it",
  );
});

test('an optional variable may stay unbound', () => {
  const template = templateOf((stack) => {
    aFunction(stack, 'Worker', [], { env: z.object({ LEVEL: z.string().default('info') }) });
  });

  template.resourceCountIs('AWS::Lambda::Function', 1);
});

test('a variable that the handler does not read is named at once', () => {
  const worker = aFunction(emptyStack(), 'Worker', ['JOBS_TABLE']);

  expect(() => worker.addEnvironment('JOB_TABLE', 'jobs')).toThrow(
    "Alone/Worker: JOB_TABLE is not in the function's env schema (it has: JOBS_TABLE)",
  );
});

test('a variable cannot be bound twice', () => {
  const worker = aFunction(emptyStack(), 'Worker', ['JOBS_TABLE']);
  worker.addEnvironment('JOBS_TABLE', 'jobs');

  expect(() => worker.addEnvironment('JOBS_TABLE', 'others')).toThrow('JOBS_TABLE is bound twice');
});

test('a value that the schema refuses is an error at once', () => {
  const worker = aFunction(emptyStack(), 'Worker', ['JOBS_TABLE']);

  expect(() => worker.addEnvironment('JOBS_TABLE', '')).toThrow('Alone/Worker: JOBS_TABLE');
});

test.each([
  ['neither', {}],
  ['both', { entry: 'lambdas/get-job/handler.ts', code: Code.fromInline('//') }],
])('of entry and code, %s is an error', (_, given) => {
  expect(() => new ServiceFunction(emptyStack(), 'Worker', { env: z.object({}), ...given })).toThrow(
    'give either entry or code',
  );
});
