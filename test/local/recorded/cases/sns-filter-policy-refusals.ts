import type { Scripts } from '../replay.ts';
import { key, numeric, refusals, values } from './sns-filter-steps.ts';

/** Which filter policies are refused, and how. */
export const filterPolicyRefusals: Scripts = {
  test_validate_policy: (replay) =>
    refusals(replay, {
      'error-condition-list': key([['value']]),
      'error-condition-operator': key([{ 'wrong-operator': true }]),
      'error-condition-two-operators': key([{ suffix: 'value', prefix: 'value2' }]),
    }),
  test_validate_policy_string_operators: (replay) =>
    refusals(replay, {
      'error-condition-empty-array': key([]),
      'error-condition-is-numeric': key([{ suffix: 100 }]),
      'error-condition-is-none': key([{ suffix: null }]),
      'error-condition-is-not-list-and-operator': key({ suffix: 'value' }),
      'error-condition-empty-list': key([{ suffix: [] }]),
      'error-condition-list-wrong-type': key([{ suffix: ['test', 'test2'] }]),
      'error-condition-is-not-list-two-ops': key({ suffix: 'value', prefix: 'value' }),
      'error-condition-is-not-list-and-no-operator': key({ 'not-an-operator': 'value' }),
      'error-condition-bad-type': key([{ cidr: ['bad-filter'] }]),
      'error-condition-bad-cidr-str': key([{ cidr: 'bad-filter' }]),
      'error-condition-bad-cidr-str-slash': key([{ cidr: 'bad-filter/64' }]),
      'error-condition-bad-cidr-str-slash-2': key([{ cidr: 'bad-/64filter' }]),
      'error-condition-bad-cidr-v4': key([{ cidr: 'xx.11.xx/8' }]),
      'error-condition-bad-cidr-v6': key([{ cidr: 'xxxx:db8:1234:1a00::/64' }]),
    }),
  test_validate_policy_numeric_operator: (replay) =>
    refusals(replay, {
      'error-numeric-empty': numeric(),
      'error-numeric-wrong-operator': numeric('operator'),
      'error-numeric-operator-order': numeric(1, '<='),
      'error-numeric-type': numeric('=', '000'),
      'error-numeric-missing-value': numeric('>='),
      'error-numeric-wrong-range-order': numeric('<', 100, '>', 10),
      'error-numeric-wrong-range-operators': numeric('>=', 1, '>', 2),
      'error-numeric-wrong-value-order': numeric('>', 3, '<', 1),
      'error-numeric-missing-range-value': numeric('>', 20, '<='),
      'error-numeric-missing-range-operator': numeric('>', 20, 30),
      'error-numeric-wrong-second-range-operator': numeric('>', 20, 'test'),
      'error-numeric-wrong-range-value-1-type': numeric('>', '20', '<', '30'),
      'error-numeric-wrong-range-value-2-type': numeric('>', 20, '<', '30'),
      'error-numeric-too-many-range': numeric('>', 20, '<', 30, '<', 50),
    }),
  test_validate_policy_exists_operator: (replay) =>
    refusals(replay, {
      'error-condition-none': key([{ exists: null }]),
      'error-condition-string': key([{ exists: 'no' }]),
    }),
  test_validate_policy_nested_anything_but_operator: (replay) =>
    refusals(replay, {
      'error-condition-wrong-operator': key([{ 'anything-but': { 'wrong-operator': null } }]),
      'error-condition-anything-but-suffix': key([{ 'anything-but': { suffix: 'test' } }]),
      'error-condition-anything-but-exists': key([{ 'anything-but': { exists: false } }]),
      'error-condition-anything-but-prefix-wrong-type': key([{ 'anything-but': { prefix: false } }]),
    }),
  test_policy_complexity_with_or: async (replay) => {
    const metrics = { metricName: values(6) };
    const ids = { metricType: values(4), $or: [{ metricId: [1, 2, 3, 4] }, { spaceId: [1, 2, 3, 4] }] };
    await refusals(replay, { 'error-complexity-or-flat': { source: values(4), $or: [metrics, ids] } });
    const nested = {
      $or: [{ metricName: values(3) }, { namespace: values(2) }],
      detail: { scope: values(2), $or: [{ source: values(1) }, { type: values(3) }] },
    };
    await refusals(replay, { 'error-complexity-or-nested': nested }, 'MessageBody');
  },
  test_policy_complexity: (replay) =>
    refusals(replay, {
      'error-complexity-in-one-condition': key(values(151)),
      'error-complexity-in-two-conditions': { key1: values(100), key2: values(51) },
      'error-complexity-too-many-fields': Object.fromEntries(values(6).map((value) => [value, [value]])),
    }),
};
