/** Words that stand, as a whole, for a value that changes from run to run. */
const ANYTHING = new Set([
  'amz-id',
  'amz-request-id',
  'connection',
  'content-length',
  'date',
  'datetime',
  'ending_hash',
  'm-d5-of-body',
  'content--length',
  'maximum-batching-window-in-seconds',
  'random-value',
  'request-time-epoch',
  'sender-id',
  'sent-timestamp',
  'sequencer',
  'starting_hash',
  'timestamp',
  'version-id',
]);

/**
 * Where an answer first differs from the recorded one, as `path: recorded ..., answered ...`; undefined when it does not.
 * In the recording `<name:1>` stands for anything, and 111111111111 for an account; text that holds JSON is recorded parsed.
 */
export const difference = (recorded: unknown, answered: unknown, path = ''): string | undefined => {
  if (recorded === null || recorded === undefined)
    return answered === null || answered === undefined ? undefined : told(path, recorded, answered);
  if (typeof recorded === 'string') return differenceOfText(recorded, answered, path);
  if (typeof recorded !== 'object')
    return String(recorded) === String(answered) ? undefined : told(path, recorded, answered);
  const value = typeof answered === 'string' ? parsed(answered) : answered;
  if (/(^|\.)stackTrace$/.test(path)) return value === undefined ? told(path, recorded, answered) : undefined;
  if (Array.isArray(recorded)) return differenceOfLists(recorded, value, path);
  if (!isObject(value) || !isObject(recorded)) return told(path, recorded, answered);
  return differenceOfObjects(recorded, value, path);
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const differenceOfLists = (
  recorded: readonly unknown[],
  answered: unknown,
  path: string,
): string | undefined => {
  if (!Array.isArray(answered) || answered.length !== recorded.length) return told(path, recorded, answered);
  return first(recorded.keys(), (index) => difference(recorded[index], answered[index], `${path}[${index}]`));
};

const differenceOfObjects = (
  recorded: Readonly<Record<string, unknown>>,
  answered: Readonly<Record<string, unknown>>,
  path: string,
): string | undefined => {
  const names = new Set(
    [...Object.keys(recorded), ...Object.keys(answered)].filter(
      (name) => !isPlaceholder(name) && !isOfCloudFront(name),
    ),
  );
  const named = Object.keys(recorded).some(isPlaceholder) ? Object.keys(recorded) : names;
  return first(named, (name) =>
    isPlaceholder(name) || (isLength(name) && name in answered)
      ? undefined
      : difference(recorded[name], answered[name], path === '' ? name : `${path}.${name}`),
  );
};

/** An API that is optimized for the edge is recorded behind CloudFront, which adds these; nothing stands before an API here. */
const isOfCloudFront = (name: string): boolean => /^(cloudfront-.*|x-amz-cf-.*|x-cache|via)$/i.test(name);

/** It counts the spaces that another runtime writes into JSON. */
const isLength = (name: string): boolean => name.toLowerCase() === 'content-length';

const isPlaceholder = (text: string): boolean => /<[^<>]+>/.test(text);

/** Who recorded, and where AWS keeps the certificate of SNS: neither can be the same here. */
const elsewhere = [/:iam::\d{12}:user\/<[^<>]+>$/, /^<cert-domain>/];

const differenceOfText = (recorded: string, answered: unknown, path: string): string | undefined => {
  if (answered === undefined || answered === null) return told(path, recorded, answered);
  if (ANYTHING.has(recorded) || elsewhere.some((anywhere) => anywhere.test(recorded))) return undefined;
  const text = typeof answered === 'string' ? answered : JSON.stringify(answered);
  return pattern(recorded).test(text) ? undefined : told(path, recorded, answered);
};

/** The recorded text as a pattern: placeholders match anything. */
const pattern = (recorded: string): RegExp => {
  const source = recorded
    .split(/(<[^<>\n]{1,80}>|\b1{12}\b)/)
    .map((part, index) => {
      if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return part.startsWith('<') ? '[\\s\\S]*' : '\\d{12}';
    })
    .join('');
  return new RegExp(`^${source}$`);
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const first = <T>(items: Iterable<T>, find: (item: T) => string | undefined): string | undefined => {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
};

const told = (path: string, recorded: unknown, answered: unknown): string =>
  `${path}: recorded ${shown(recorded)}, answered ${shown(answered)}`;

const shown = (value: unknown): string => {
  const text = value === undefined || value === null ? 'nothing' : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
};
