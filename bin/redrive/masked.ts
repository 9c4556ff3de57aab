/** Names of values that open something: whoever reads them can confirm, sign or fetch in somebody's name. */
const SECRET = /token|secret|signature/i;

const IN_QUERY = /([?&][^=&#\s"]*(?:token|secret|signature)[^=&#\s"]*=)[^&#\s"<>\\]+/gi;

export const MASK = '***';

/**
 * A message as it may be shown on a screen: in a body of JSON what tokens, secrets and signatures hold is masked, by the name
 * of its key; in the query of any URL by the name of its parameter. A body that is not JSON is kept but for its URLs.
 */
export const masked = (body: string): string => {
  try {
    return JSON.stringify(withoutSecrets(JSON.parse(body)));
  } catch {
    return withoutQuerySecrets(body);
  }
};

const withoutSecrets = (value: unknown): unknown => {
  if (typeof value === 'string') return maskedText(value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      SECRET.test(name) && inner !== null ? MASK : withoutSecrets(inner),
    ]),
  );
};

/** A text may be JSON itself: SNS's envelope holds the message so. */
const maskedText = (text: string): string =>
  /^\s*[[{]/.test(text) ? masked(text) : withoutQuerySecrets(text);

const withoutQuerySecrets = (text: string): string => text.replaceAll(IN_QUERY, `$1${MASK}`);
