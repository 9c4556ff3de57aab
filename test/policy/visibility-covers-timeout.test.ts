import { App, Stack } from 'aws-cdk-lib';
import { NagRuleCompliance } from 'cdk-nag';
import { visibilityCoversTimeout } from '../../lib/policy/rules/visibility-covers-timeout.ts';
import { aHandler, aQueue, aSource, judged, somethingElse } from './resources.ts';

const consumed = (visibilityTimeout?: number, timeout?: number, window?: number) =>
  judged(visibilityCoversTimeout, (stack) => {
    const queue = aQueue(stack, visibilityTimeout === undefined ? {} : { visibilityTimeout });
    const handler = aHandler(stack, timeout);
    return aSource(
      stack,
      queue.attrArn,
      handler,
      window === undefined ? {} : { maximumBatchingWindowInSeconds: window },
    );
  });

test.each([
  ['six times the timeout', 180, 30, undefined],
  ['six times the timeout and the window', 185, 30, 5],
  ["CloudFormation's own defaults: 30 s and 3 s", undefined, undefined, undefined],
])('compliant: %s', (_, visibility, timeout, window) => {
  expect(consumed(visibility, timeout, window)).toBe(NagRuleCompliance.COMPLIANT);
});

test.each([
  ['one second short', 179, 30, undefined],
  ['the window forgotten', 180, 30, 5],
  ['the default of 30 s with a timeout of 30 s', undefined, 30, undefined],
])('non-compliant: %s', (_, visibility, timeout, window) => {
  expect(consumed(visibility, timeout, window)).toBe(NagRuleCompliance.NON_COMPLIANT);
});

test('non-compliant: a queue of another stack', () => {
  const app = new App();
  const queue = aQueue(new Stack(app, 'Storage'), { visibilityTimeout: 30 });
  const stack = new Stack(app, 'Workers');

  expect(visibilityCoversTimeout(aSource(stack, queue.attrArn, aHandler(stack, 30)))).toBe(
    NagRuleCompliance.NON_COMPLIANT,
  );
});

test('not applicable: anything but an event source', () => {
  expect(judged(visibilityCoversTimeout, somethingElse)).toBe(NagRuleCompliance.NOT_APPLICABLE);
});
