import { createPrivateKey, generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { selfSignedCertificate } from './certificate.ts';
import type { Notification } from './model.ts';
import type { SnsStore } from './store.ts';

interface Key {
  readonly privateKey: KeyObject;
  readonly certificate: string;
}

/** The fields that are signed, each on a line after its name: "Verifying the signatures of Amazon SNS messages". */
const canonical = (fields: Readonly<Record<string, string | undefined>>): string =>
  Object.keys(fields)
    .sort()
    .flatMap((name) => (fields[name] === undefined ? [] : [`${name}\n${fields[name]}\n`]))
    .join('');

/** Signs what is delivered with one key of this cloud, which is made when it is first needed and then kept. */
export class Signer {
  readonly #store: SnsStore;
  #key: Promise<Key> | undefined;
  #ready: Key | undefined;
  readonly #signatures = new WeakMap<Notification, string>();

  constructor(store: SnsStore) {
    this.#store = store;
  }

  /** The X.509 certificate of the key, as PEM. */
  async certificate(): Promise<string> {
    const { certificate } = await this.prepare();
    await this.#store.committed();
    return certificate;
  }

  prepare(): Promise<Key> {
    this.#key ??= this.#load().then((key) => {
      this.#ready = key;
      return key;
    });
    return this.#key;
  }

  /**
   * Base64 RSA signature, with SHA-1 (`SignatureVersion` 1) or SHA-256 (2).
   * The same for every subscriber of a message: nothing in it is the subscriber's own but the text of its protocol.
   */
  async sign(notification: Notification, text: string, subscribeUrl?: string): Promise<string> {
    const isCommon = text === notification.message;
    const known = isCommon ? this.#signatures.get(notification) : undefined;
    if (known !== undefined) return known;
    const { privateKey } = this.#ready ?? (await this.prepare());
    const { type, messageId, subject, timestamp, topicArn, token } = notification;
    const signed = canonical({
      Message: text,
      MessageId: messageId,
      Subject: type === 'Notification' ? subject : undefined,
      SubscribeURL: subscribeUrl,
      Timestamp: new Date(timestamp).toISOString(),
      Token: token,
      TopicArn: topicArn,
      Type: type,
    });
    const digest = notification.signatureVersion === '2' ? 'sha256' : 'sha1';
    const signature = sign(digest, Buffer.from(signed), privateKey).toString('base64');
    if (isCommon) this.#signatures.set(notification, signature);
    return signature;
  }

  async #load(): Promise<Key> {
    const kept = this.#store.signingKey();
    if (kept) return { privateKey: createPrivateKey(kept.privateKey), certificate: kept.certificate };
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    const certificate = selfSignedCertificate(privateKey, 'sns.local');
    this.#store.putSigningKey({
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      certificate,
    });
    return { privateKey, certificate };
  }
}
