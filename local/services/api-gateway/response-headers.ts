/** Names that API Gateway keeps for itself: an integration's own value goes out under another name (recorded on AWS, header remapping). */
const remapped = new Set([
  'authorization',
  'connection',
  'content-length',
  'content-md5',
  'date',
  'expect',
  'host',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'trailer',
  'upgrade',
  'user-agent',
  'www-authenticate',
]);

/** The header fields that reach the client, by their name; several values stay several fields. */
export const outgoingHeaders = (
  headers: readonly (readonly [name: string, value: string])[],
): Map<string, string[]> => {
  const result = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (lower === 'transfer-encoding') continue;
    const sent = remapped.has(lower) ? `x-amzn-Remapped-${name}` : name;
    const values = result.get(sent);
    if (values) values.push(value);
    else result.set(sent, [value]);
  }
  return result;
};
