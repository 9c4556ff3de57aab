import type { Recording } from './recordings.ts';

/** Groups of cases by their test's name, and why this app has no use for them. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [
    /platform_(application|endpoint)|endpoints_of_deleted_app|non_existent_target/,
    'mobile push: this app sends none',
  ],
  [/sms|phone|opt_in|opted_out|list_opted|opt_out/, 'text messages: this app sends none'],
  [/data_protection_policy/, 'data protection policies: this app has none'],
  [
    /another_region|cross_region|multiple_regions|get_sms_attributes/,
    'several regions: the local cloud is one region',
  ],
];

/** Why this app has no use for a recorded case; undefined when it has. */
export const outOfScope = ({ group, test }: Recording): string | undefined => {
  if (!group.startsWith('sns')) return undefined;
  return reasons.find(([pattern]) => pattern.test(test))?.[1];
};
