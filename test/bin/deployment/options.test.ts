import { readOptions } from '../../../bin/deployment/options.ts';
import { plainly } from '../../../bin/deployment/plainly.ts';
import { UserError } from '../../../local/errors.ts';

const named = (name: string, message = '', code?: string): Error =>
  Object.assign(new Error(message), { name, ...(code !== undefined && { code }) });

test('context is read as the CDK reads it, and checked before anything is asked of AWS', () => {
  const { context, config, yes } = readOptions(['-c', 'stage=prod', '-c', 'waf=true', '--yes']);

  expect(context).toEqual({ stage: 'prod', waf: 'true' });
  expect(config).toMatchObject({ stage: 'prod', waf: true });
  expect(yes).toBe(true);
});

test.each([
  [['-c', 'stage'], '-c stage: context is given as key=value'],
  [['-c', 'stag=prod'], /^context: unknown key stag /],
  [['-c', 'monthlyBudgetUsd=50'], 'context: monthlyBudgetUsd needs alarmEmail: whom to tell'],
])('%j is refused in one line', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
  expect(() => readOptions(args)).toThrow(UserError);
});

test.each([
  [
    named('CredentialsProviderError', 'Could not load credentials from any providers'),
    /^no AWS credentials: /,
  ],
  [named('ExpiredToken'), /^the AWS session has ended: /],
  [named('InvalidClientTokenId'), /^AWS does not know these credentials: /],
  [named('Error', 'Region is missing'), /^no region: set AWS_REGION/],
  [named('Error', 'connect', 'ECONNREFUSED'), 'http://127.0.0.1:9: nothing answers'],
  [named('Error', 'getaddrinfo', 'ENOTFOUND'), 'http://127.0.0.1:9: there is no such address'],
  [
    named('AccessDenied', 'User x is not authorized\nmore'),
    /these credentials may not do that: User x is not/,
  ],
])('%s is one line that says what to do', (error, message) => {
  const said = plainly(error, 'http://127.0.0.1:9');

  expect(said).toBeInstanceOf(UserError);
  expect(String(said instanceof Error && said.message)).toMatch(message);
  expect(String(said instanceof Error && said.message)).not.toContain('\n');
});

test('an error of ours keeps its trace', () => {
  const bug = new TypeError('undefined is not a function');

  expect(plainly(bug, 'AWS')).toBe(bug);
});
