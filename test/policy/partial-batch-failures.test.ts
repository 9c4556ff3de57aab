import { NagRuleCompliance } from 'cdk-nag';
import { partialBatchFailures } from '../../lib/policy/rules/partial-batch-failures.ts';
import { aHandler, aQueue, aSource, judged, somethingElse } from './resources.ts';

const reporting = (functionResponseTypes?: string[]) =>
  judged(partialBatchFailures, (stack) =>
    aSource(
      stack,
      aQueue(stack).attrArn,
      aHandler(stack),
      functionResponseTypes ? { functionResponseTypes } : {},
    ),
  );

test('compliant: the flag is on', () => {
  expect(reporting(['ReportBatchItemFailures'])).toBe(NagRuleCompliance.COMPLIANT);
});

test.each([
  ['no flag', undefined],
  ['an empty list', []],
])('non-compliant: %s', (_, types) => {
  expect(reporting(types)).toBe(NagRuleCompliance.NON_COMPLIANT);
});

test('not applicable: anything but an event source', () => {
  expect(judged(partialBatchFailures, somethingElse)).toBe(NagRuleCompliance.NOT_APPLICABLE);
});
