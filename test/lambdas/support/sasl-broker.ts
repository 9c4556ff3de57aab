import type { AuthenticationProviderArgs, KafkaConfig, SaslAuthenticateArgs } from 'kafkajs';

const LENGTH_BYTES = 4;

const framed = (text: string): Buffer => {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeInt32BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
};

const silent = () => undefined;

const accessDenied = Object.assign(new Error('Access denied'), { type: 'SASL_AUTHENTICATION_FAILED' });

/** A broker that answers whoever shows a token with this, and says no to whoever acknowledges a challenge. */
export const saslBroker = (answer = '') => {
  const heard: string[] = [];
  const args: AuthenticationProviderArgs = {
    host: 'broker',
    port: 9098,
    logger: {
      ...{ info: silent, warn: silent, error: silent, debug: silent, setLogLevel: silent },
      namespace: () => args.logger,
    },
    async saslAuthenticate<T>({ request, response }: SaslAuthenticateArgs<T>) {
      const message = await request.encode();
      expect(message.readInt32BE()).toBe(message.byteLength - LENGTH_BYTES);
      heard.push(message.subarray(LENGTH_BYTES).toString());
      if (heard.length > 1) throw accessDenied;
      return response?.parse(await response.decode(framed(answer)));
    },
  };
  return { heard, args };
};

/** What a client with these settings shows a broker as its token. */
export const tokenShownBy = async ({ sasl }: Pick<KafkaConfig, 'sasl'>): Promise<string> => {
  if (sasl?.mechanism !== 'oauthbearer' || !('authenticationProvider' in sasl)) throw new Error('no tokens');
  const { heard, args } = saslBroker();
  await sasl.authenticationProvider(args).authenticate();
  const [, credentials = ''] = heard[0]?.split('\u0001') ?? [];
  return credentials.replace('auth=Bearer ', '');
};
