import { iamAccess } from '../../../lambdas/adapters/kafka-iam.ts';

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

/** Asks for a token as the client does, and reads the address that it is. */
const tokenAddress = async (): Promise<URL> => {
  const { ssl, sasl } = await iamAccess('eu-west-1');
  if (ssl !== true || !sasl || !('oauthBearerProvider' in sasl)) throw new Error('no tokens over TLS');
  const { value } = await sasl.oauthBearerProvider();
  return new URL(Buffer.from(value, 'base64url').toString());
};

test('a token says who connects, where, and for how long', async () => {
  process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  process.env.AWS_SESSION_TOKEN = 'session';

  const address = await tokenAddress();

  expect(address.host).toBe('kafka.eu-west-1.amazonaws.com');
  expect(Object.fromEntries(address.searchParams)).toMatchObject({
    Action: 'kafka-cluster:Connect',
    'X-Amz-Credential': expect.stringMatching(/^AKIDEXAMPLE\/\d{8}\/eu-west-1\/kafka-cluster\/aws4_request$/),
    'X-Amz-Expires': '900',
    'X-Amz-Security-Token': 'session',
  });
});

test('each connection gets a token of the credentials that are there then', async () => {
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  process.env.AWS_ACCESS_KEY_ID = 'AKIDBEFORE';
  const first = await tokenAddress();
  process.env.AWS_ACCESS_KEY_ID = 'AKIDAFTER';

  const second = await tokenAddress();

  const keyOf = (address: URL) => address.searchParams.get('X-Amz-Credential')?.split('/')[0];
  expect([keyOf(first), keyOf(second)]).toEqual(['AKIDBEFORE', 'AKIDAFTER']);
});
