import { createHmac } from 'node:crypto';
import type { Credentials } from '../iam.ts';

/** No secret of anybody: it only keeps the credentials of two roles apart, and the same on every start. */
const SEED = 'serverless-ipc local cloud';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Temporary credentials in AWS's shape (`ASIA...`), derived from whom they are for: presigned URLs outlive a restart. */
export const deriveCredentials = (roleArn: string, session: string): Credentials => {
  const digest = (purpose: string) =>
    createHmac('sha256', SEED)
      .update(JSON.stringify([purpose, roleArn, session]))
      .digest();
  const id = [...digest('id').subarray(0, 16)].map((byte) => BASE32[byte % BASE32.length]).join('');
  return {
    accessKeyId: `ASIA${id}`,
    secretAccessKey: digest('secret').toString('base64').slice(0, 40),
    sessionToken: Buffer.concat([digest('token'), digest('more')]).toString('base64'),
  };
};
