import { createHash, createHmac } from 'node:crypto';
import { jest } from '@jest/globals';
import { iamAccess } from '../../../lambdas/adapters/kafka-iam.ts';
import { tokenShownBy } from '../support/sasl-broker.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const HOST = 'kafka.eu-west-1.amazonaws.com';
const SCOPE = '20260102/eu-west-1/kafka-cluster/aws4_request';

const before = { ...process.env };
beforeEach(() => {
  jest.useFakeTimers({ now: Date.UTC(2026, 0, 2, 3, 4, 5), doNotFake: ['nextTick', 'setImmediate'] });
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_SESSION_TOKEN: 'session/token+of=the-role',
  });
});
afterEach(() => {
  jest.useRealTimers();
  process.env = { ...before };
});

/** The address that a token is. */
const tokenAddress = async (): Promise<URL> => {
  const token = await tokenShownBy(await iamAccess('eu-west-1'));
  expect(token).toMatch(/^[\w-]+$/);
  return new URL(Buffer.from(token, 'base64url').toString());
};

test('brokers are reached over TLS, with certificates that are checked, and with tokens', async () => {
  const { ssl, sasl } = await iamAccess('eu-west-1');

  expect({ ssl, mechanism: sasl?.mechanism }).toEqual({ ssl: true, mechanism: 'oauthbearer' });
});

/** Amazon MSK guide, "IAM access control". */
test('a token is an address that says who connects, where, and for how long, and no more', async () => {
  const address = await tokenAddress();

  expect(`${address.origin}${address.pathname}`).toBe(`https://${HOST}/`);
  expect(Object.fromEntries(address.searchParams)).toEqual({
    Action: 'kafka-cluster:Connect',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `AKIDEXAMPLE/${SCOPE}`,
    'X-Amz-Date': '20260102T030405Z',
    'X-Amz-Expires': '900',
    'X-Amz-Security-Token': 'session/token+of=the-role',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
    'User-Agent': expect.stringContaining('aws-msk-iam-sasl-signer-js'),
  });
});

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** AWS Signature Version 4, "Create a signed AWS API request", worked out here by hand. */
const signatureOf = ({ searchParams }: URL): string => {
  const encode = (text: string): string =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const query = [...searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature' && name !== 'User-Agent')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&');
  const request = ['GET', '/', query, `host:${HOST}`, '', 'host', sha256('')].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', searchParams.get('X-Amz-Date'), SCOPE, sha256(request)].join('\n');
  const key = SCOPE.split('/').reduce<string | Buffer>(hmac, `AWS4${SECRET}`);
  return hmac(key, toSign).toString('hex');
};

test('its signature is the one of Signature Version 4', async () => {
  const address = await tokenAddress();

  expect(address.searchParams.get('X-Amz-Signature')).toBe(signatureOf(address));
});

test('each connection gets a token of the credentials that are there then, and of its time', async () => {
  const first = await tokenAddress();
  process.env.AWS_ACCESS_KEY_ID = 'AKIDAFTER';
  jest.setSystemTime(Date.UTC(2026, 0, 2, 3, 20));

  const second = await tokenAddress();

  const of = ({ searchParams }: URL) => [
    searchParams.get('X-Amz-Credential')?.split('/')[0],
    searchParams.get('X-Amz-Date'),
  ];
  expect([of(first), of(second)]).toEqual([
    ['AKIDEXAMPLE', '20260102T030405Z'],
    ['AKIDAFTER', '20260102T032000Z'],
  ]);
});
