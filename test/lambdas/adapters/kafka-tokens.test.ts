import { kafkaFailure } from '../../../lambdas/adapters/kafka-failure.ts';
import { bearer } from '../../../lambdas/adapters/kafka-tokens.ts';
import { saslBroker, tokenShownBy } from '../support/sasl-broker.ts';

test('a token goes to the broker as SASL OAUTHBEARER wants it, and an empty answer is a yes', async () => {
  const { heard, args } = saslBroker();

  await bearer(async () => 'the-token')
    .authenticationProvider(args)
    .authenticate();

  expect(heard).toEqual(['n,,\u0001auth=Bearer the-token\u0001\u0001']);
});

test('a challenge is a no: it is acknowledged, and what the broker says then has a name', async () => {
  const { heard, args } = saslBroker('{"status":"invalid_token"}');
  const { authenticate } = bearer(async () => 'no-token').authenticationProvider(args);

  const said = await authenticate().catch((error: unknown) => error);

  expect(heard.at(-1)).toBe('\u0001');
  const message = 'Access denied';
  expect(kafkaFailure(said)).toEqual({ name: 'NotAuthenticated', retryable: false, message });
});

test('whenever the client has to say who it is, it asks for a token of then', async () => {
  let asked = 0;
  const sasl = bearer(async () => `token-${++asked}`);

  const shown = [await tokenShownBy({ sasl }), await tokenShownBy({ sasl })];

  expect(shown).toEqual(['token-1', 'token-2']);
});
