import { parseCredential } from '../../gateway/credential-scope.ts';
import type { Iam } from '../../iam.ts';
import type { Caller } from '../../ports.ts';
import { arnOf } from './buckets.ts';
import { accessDenied, invalidArgument } from './errors.ts';
import { type Exchange, type Operation, sendEmpty, sendXml } from './exchange.ts';
import { metadataOf } from './incoming.ts';
import { type Form, readForm } from './post-form.ts';
import { checkPolicy, type Fields, type Sizes } from './post-policy.ts';
import { verifySignature } from './signature.ts';
import type { StoredObject } from './store.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is S3's own
const FILE_NAME = '${filename}';

/** `${filename}` in the key stands for the name of the user's file. */
const withKey = ({ fields, fileName }: Form, bucket: string): Map<string, string> => {
  const key = fields.get('key');
  if (!key)
    throw invalidArgument(
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
      'key',
      '',
    );
  return new Map([...fields, ['key', key.replaceAll(FILE_NAME, fileName)], ['bucket', bucket]]);
};

interface Permission {
  readonly caller: Caller;
  readonly sizes?: Sizes;
}

/** Who signed the form's policy, and what it allows; a form without a policy comes from nobody. */
const permission = (fields: Fields, iam: Iam, nowMs: number): Permission => {
  const policy = fields.get('policy');
  if (policy === undefined) return { caller: iam.callerOf(undefined) };
  const scope = parseCredential(fields.get('x-amz-credential') ?? '');
  if (!scope) throw accessDenied('The form has a policy, and no valid X-Amz-Credential');
  verifySignature(iam, scope, policy, fields.get('x-amz-signature') ?? '');
  const sizes = checkPolicy(policy, fields, nowMs);
  return { caller: iam.callerOf(scope.accessKeyId), ...(sizes ? { sizes } : {}) };
};

const answer = (exchange: Exchange, fields: Fields, object: StoredObject, endpoint: string): void => {
  const { bucket, key, etag } = object;
  const location = `${endpoint}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
  const headers = { etag: `"${etag}"`, location };
  const redirect = fields.get('success_action_redirect') ?? fields.get('redirect');
  if (redirect !== undefined && URL.canParse(redirect)) {
    const target = new URL(redirect);
    for (const [name, value] of Object.entries({ bucket, key, etag: `"${etag}"` }))
      target.searchParams.set(name, value);
    sendEmpty(exchange, 303, { ...headers, location: target.href });
    return;
  }
  const status = fields.get('success_action_status');
  if (status === '201')
    sendXml(
      exchange,
      'PostResponse',
      { Location: location, Bucket: bucket, Key: key, ETag: `"${etag}"` },
      201,
      headers,
    );
  else sendEmpty(exchange, status === '200' ? 200 : 204, headers);
};

/** Amazon S3 API Reference, "POST Object": an upload by a form, permitted by the policy that came with it. */
export const postObject: Operation = {
  name: 'PostObject',
  run: async (exchange, { objects, buckets, foundation: { iam, endpoint } }) => {
    const { bucket, request, call } = exchange;
    buckets.get(bucket);
    const form = await readForm(request);
    const fields = withKey(form, bucket);
    const key = fields.get('key') ?? '';
    // By the machine's own clock: the form was dated by another process.
    const { caller, sizes } = permission(fields, iam, Date.now());
    iam.authorize(caller, 's3:PutObject', arnOf(bucket, key));

    const checksums = new Map([...fields].filter(([name]) => name.startsWith('x-amz-checksum-')));
    const object = await objects.put(
      { bucket, key, headers: metadataOf(fields), conditions: {} },
      { source: form.file, expected: { checksums }, ...(sizes ? { sizes } : {}) },
      { requestId: call.requestId, caller, event: 'ObjectCreated:Post' },
    );
    answer(exchange, fields, object, endpoint);
  },
};
