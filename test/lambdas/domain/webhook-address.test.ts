import { isAllowedAddress, webhookUrl } from '../../../lambdas/domain/webhook-address.ts';

const strict = { allowPrivate: false };
const lenient = { allowPrivate: true };

test.each(['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'])('public: %s', (address) => {
  expect(isAllowedAddress(address, strict)).toBe(true);
});

test.each([
  ['loopback', '127.0.0.1'],
  ['loopback', '127.9.9.9'],
  ['loopback', '::1'],
  ['private', '10.0.0.1'],
  ['private', '172.16.0.1'],
  ['private', '192.168.1.1'],
  ['private', 'fd00::1'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['IPv4 in IPv6', '::ffff:127.0.0.1'],
  ['IPv4 in IPv6', '::ffff:a00:1'],
])('%s is allowed only where it is said so: %s', (_range, address) => {
  expect(isAllowedAddress(address, strict)).toBe(false);
  expect(isAllowedAddress(address, lenient)).toBe(true);
});

test.each([
  ['link-local', '169.254.169.254'],
  ['link-local', 'fe80::1'],
  ['link-local, IPv4 in IPv6', '::ffff:169.254.169.254'],
  ['unspecified', '0.0.0.0'],
  ['unspecified', '::'],
  ['multicast', '224.0.0.1'],
  ['multicast', 'ff02::1'],
  ['broadcast', '255.255.255.255'],
  ['reserved', '240.0.0.1'],
  ['documentation', '2001:db8::1'],
  ['NAT64', '64:ff9b::7f00:1'],
  ['6to4', '2002:7f00:1::'],
  ['not assigned', '4000::1'],
  ['no address', 'example.com'],
  ['no address', ''],
])('%s is never allowed: %s', (_range, address) => {
  expect(isAllowedAddress(address, strict)).toBe(false);
  expect(isAllowedAddress(address, lenient)).toBe(false);
});

test.each(['https://example.com/hook?a=b', 'https://example.com:8443/', 'https://8.8.8.8/'])(
  'a webhook: %s',
  (url) => {
    expect(webhookUrl(url, strict)?.href).toBe(url);
  },
);

test.each([
  'http://example.com/',
  'https://127.0.0.1/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://2130706433/',
  'https://0177.0.0.1/',
  'https://0x7f.1/',
  'https://10.1/',
])('no webhook unless private addresses are allowed: %s', (url) => {
  expect(webhookUrl(url, strict)).toBeUndefined();
  expect(webhookUrl(url, lenient)).toBeInstanceOf(URL);
});

test.each([
  'ftp://example.com/',
  'file:///etc/passwd',
  'https://user:password@example.com/',
  'https://169.254.169.254/latest/meta-data',
  'https://2852039166/',
  'example.com',
  '',
])('never a webhook: %s', (url) => {
  expect(webhookUrl(url, lenient)).toBeUndefined();
});
