/** Whether a text fits a pattern in which `*` stands for any characters and `?` for one. */
export type Matcher = (text: string) => boolean;

/** IAM User Guide, "IAM JSON policy elements: Resource": wildcards reach over `/` and `:`. */
export const wildcard = (pattern: string, { ignoreCase = false } = {}): Matcher => {
  if (pattern === '*') return () => true;
  if (!ignoreCase && !/[*?]/.test(pattern)) return (text) => text === pattern;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, ignoreCase ? 'is' : 's');
  return (text) => expression.test(text);
};

/** An ARN is compared part by part: a wildcard does not reach over its colons, save in the last part (IAM User Guide, "ARN condition operators"). */
export const arnPattern = (pattern: string): Matcher => {
  const matchers = parts(pattern).map((part) => wildcard(part));
  return (arn) => {
    const found = parts(arn);
    return found.length === matchers.length && matchers.every((matches, at) => matches(found[at] ?? ''));
  };
};

const ARN_PARTS = 6;

const parts = (arn: string): string[] => {
  const all = arn.split(':');
  return [
    ...all.slice(0, ARN_PARTS - 1),
    ...(all.length < ARN_PARTS ? [] : [all.slice(ARN_PARTS - 1).join(':')]),
  ];
};
