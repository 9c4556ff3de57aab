import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { freePorts } from './ports.ts';
import { run } from './run.ts';

/** A second way into a broker: over TLS, for those who bring a token. */
export interface GuardedListener {
  readonly port: number;
  /** A file with the certificate that the broker shows, in PEM: nobody else vouches for it. */
  readonly certificate: string;
  /** What the broker has to be told about it, besides that it listens there. */
  readonly properties: Readonly<Record<string, string | number>>;
}

/** The listener's name, and what it speaks. */
export const GUARDED = 'GUARDED';
export const GUARDED_PROTOCOL = 'SASL_SSL';

const DAYS = '2';
const LISTENER = `listener.name.${GUARDED.toLowerCase()}`;

/**
 * Makes a key for 127.0.0.1 in `directory`, and finds a port.
 *
 * The tokens are JSON Web Tokens without a signature: whoever wrote one, the broker looks at its form and its times
 * (Apache Kafka documentation, "Authentication using SASL/OAUTHBEARER": for development). A session ends with its token.
 *
 * @throws {UserError} when Java has no tool for keys
 */
export const guardedListener = async (directory: string): Promise<GuardedListener> => {
  const [port = 0] = await freePorts(1);
  const keystore = join(directory, 'guarded.p12');
  const certificate = join(directory, 'guarded.pem');
  const password = randomUUID();
  await rm(keystore, { force: true });
  const store = ['-alias', 'broker', '-storetype', 'PKCS12', '-keystore', keystore, '-storepass', password];
  await keytool('-genkeypair', ...store, '-keyalg', 'EC', '-validity', DAYS, ...ownName);
  await keytool('-exportcert', '-rfc', '-file', certificate, ...store);
  return {
    port,
    certificate,
    properties: {
      [`${LISTENER}.ssl.keystore.type`]: 'PKCS12',
      [`${LISTENER}.ssl.keystore.location`]: keystore.replaceAll('\\', '/'),
      [`${LISTENER}.ssl.keystore.password`]: password,
      [`${LISTENER}.sasl.enabled.mechanisms`]: 'OAUTHBEARER',
      [`${LISTENER}.oauthbearer.sasl.jaas.config`]:
        'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;',
      [`${LISTENER}.oauthbearer.connections.max.reauth.ms`]: 3_600_000,
    },
  };
};

const ownName = ['-dname', 'CN=127.0.0.1', '-ext', 'SAN=ip:127.0.0.1'];

const keytool = async (...args: readonly string[]): Promise<void> => {
  const { code, output } = await run('keytool', args);
  if (code !== 0) throw new UserError(`keytool ${args[0]}: ${output.trim().slice(-500)}`);
};
