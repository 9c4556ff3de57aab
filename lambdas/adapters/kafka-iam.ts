import type { KafkaSecurity } from './kafka-producer.ts';
import { bearer } from './kafka-tokens.ts';

/**
 * TLS, and tokens that are signed with the function's own credentials: an address that lives for 15 minutes, as a
 * password (Amazon MSK guide, "IAM access control"). The client asks for a new one for each connection, and again
 * whenever the broker wants the session renewed.
 */
export const iamAccess = async (region: string): Promise<KafkaSecurity> => {
  // Loaded by those who need it: it takes longer than the client itself. It is no ES module: a bundle has its default only.
  const { default: signer } = await import('aws-msk-iam-sasl-signer-js');
  return { ssl: true, sasl: bearer(async () => (await signer.generateAuthToken({ region })).token) };
};
