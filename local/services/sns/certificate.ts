import { createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';

/** X.690: tag, length, content. */
const der = (tag: number, ...contents: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(contents);
  const { length } = content;
  const octets =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...octets]), content]);
};

const sequence = (...contents: readonly Uint8Array[]): Buffer => der(0x30, ...contents);
const set = (...contents: readonly Uint8Array[]): Buffer => der(0x31, ...contents);
const bitString = (content: Uint8Array): Buffer => der(0x03, Buffer.from([0]), content);
const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text));

/** Object identifiers, in their encoded form. */
const SHA256_WITH_RSA = der(0x06, Buffer.from('2a864886f70d01010b', 'hex'));
const COMMON_NAME = der(0x06, Buffer.from('550403', 'hex'));

const algorithm = sequence(SHA256_WITH_RSA, der(0x05));
const version3 = der(0xa0, der(0x02, Buffer.from([2])));

/** A self-signed X.509 certificate of an RSA key, as PEM, valid from 2020 to 2049: RFC 5280. */
export const selfSignedCertificate = (privateKey: KeyObject, commonName: string): string => {
  const name = sequence(set(sequence(COMMON_NAME, der(0x0c, Buffer.from(commonName)))));
  const serial = randomBytes(16);
  // A serial number is positive, and its first octet is not zero.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const certified = sequence(
    version3,
    der(0x02, serial),
    algorithm,
    name,
    sequence(utcTime('200101000000Z'), utcTime('491231235959Z')),
    name,
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
  );
  const certificate = sequence(certified, algorithm, bitString(sign('sha256', certified, privateKey)));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
};
