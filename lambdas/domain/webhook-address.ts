import ipaddr from 'ipaddr.js';

export interface WebhookRules {
  /** Whether a webhook may lie on this machine or in a private network, and speak plain HTTP. */
  readonly allowPrivate: boolean;
}

/** Ranges that belong to whoever runs the network, as named by `ipaddr.js` (IANA special-purpose address registries). */
const PRIVATE: readonly string[] = ['loopback', 'private', 'uniqueLocal', 'carrierGradeNat'];

/** What is assigned of IPv6's global unicast space (RFC 4291, 2.4): the rest of it belongs to nobody yet. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

/**
 * Whether a webhook may be sent to this IP address. Only public unicast addresses are; private ones where `allowPrivate`
 * says so. Link-local addresses never are: the credentials of a cloud machine are served at one (169.254.169.254).
 * Neither is anything that hides another address: IPv4 inside IPv6 is held against the rules of IPv4, tunnels are refused.
 */
export const isAllowedAddress = (address: string, { allowPrivate }: WebhookRules): boolean => {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (allowPrivate && PRIVATE.includes(range)) return true;
  return range === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(GLOBAL_IPV6));
};

/**
 * The URL of a webhook, or `undefined` for one that nothing is sent to: not HTTPS, with a password in it, or with a host
 * that is an IP address of the wrong kind, however it is written (the URL standard reads decimal, octal and hexadecimal
 * notations). A host that is a name is judged by what it resolves to, at the moment of sending.
 */
export const webhookUrl = (text: string, rules: WebhookRules): URL | undefined => {
  const url = URL.parse(text);
  if (!url || url.username || url.password) return undefined;
  const plain = url.protocol === 'http:' && rules.allowPrivate;
  if (url.protocol !== 'https:' && !plain) return undefined;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return !ipaddr.isValid(host) || isAllowedAddress(host, rules) ? url : undefined;
};
