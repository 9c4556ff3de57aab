import type { Mechanism } from 'kafkajs';

const SEPARATOR = '\u0001';

/** What SASL says to a broker begins with its length, and so does what it hears. */
const LENGTH_BYTES = 4;

const framed = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeInt32BE(bytes.byteLength);
  return Buffer.concat([length, bytes]);
};

const unframed = (bytes: Buffer): string => bytes.subarray(LENGTH_BYTES).toString();

/**
 * SASL OAUTHBEARER with the token that `token` gives: it is asked for each connection, and again before a session ends.
 *
 * A broker answers a token that it does not take with a challenge, and says no when that is acknowledged (RFC 7628, 3.2.3
 * "Completing an Error Message Sequence"). kafkajs' own mechanism takes the challenge for a yes: its next request would end
 * with a closed connection, as if the broker were away.
 */
export const bearer = (token: () => Promise<string>): Mechanism => ({
  mechanism: 'oauthbearer',
  authenticationProvider: ({ saslAuthenticate }) => ({
    authenticate: async () => {
      const say = (text: string) =>
        saslAuthenticate({
          request: { encode: () => framed(text) },
          response: { decode: (answer) => answer, parse: unframed },
        });
      const challenge = await say(`n,,${SEPARATOR}auth=Bearer ${await token()}${SEPARATOR}${SEPARATOR}`);
      if (challenge) await say(SEPARATOR);
    },
  }),
});
