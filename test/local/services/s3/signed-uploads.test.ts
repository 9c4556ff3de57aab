import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost, type PresignedPostOptions } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type Storage, s3Client, startStorage } from './storage.ts';

const ROLE = 'arn:aws:iam::000000000000:role/request-job';

let storage: Storage;
/** Signs with credentials that the cloud has given out, as a function does. */
let signer: S3Client;

beforeEach(async () => {
  storage = await startStorage();
  await storage.s3.createBucket('uploads');
  const statement = {
    Effect: 'Allow',
    Action: ['s3:PutObject', 's3:GetObject'],
    Resource: 'arn:aws:s3:::uploads/*',
  };
  storage.iam.putRole(ROLE, { Upload: { Version: '2012-10-17', Statement: [statement] } });
  signer = s3Client(storage, storage.iam.credentialsFor(ROLE, 'request-job'));
});

afterEach(async () => {
  signer.destroy();
  await storage.close();
});

const options = {
  Bucket: 'uploads',
  Key: 'uploads/42',
  Conditions: [
    ['content-length-range', 5, 10],
    ['eq', '$Content-Type', 'image/png'],
  ],
  Fields: { 'Content-Type': 'image/png' },
  Expires: 300,
} satisfies PresignedPostOptions;

const upload = async (
  content: string,
  changes: Record<string, string> = {},
  given: PresignedPostOptions = options,
) => {
  const { url, fields } = await createPresignedPost(signer, given);
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...changes })) form.append(name, value);
  form.append('file', new Blob([content]), 'photo.png');
  const response = await fetch(url, { method: 'POST', body: form });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

test('a form as it was signed is accepted', async () => {
  const { status, headers } = await upload('7 bytes');

  expect(status).toBe(204);
  expect(headers.get('location')).toBe(`${storage.endpoint}/uploads/uploads/42`);
  expect(storage.s3.keys('uploads')).toEqual(['uploads/42']);
});

test('a form that asks for 201 is told where its object is', async () => {
  const Fields = { ...options.Fields, success_action_status: '201' };

  const { status, text } = await upload('7 bytes', {}, { ...options, Fields });

  expect(status).toBe(201);
  expect(text).toContain('<Key>uploads/42</Key>');
});

test.each([
  ['a file larger than declared', 'eleven bytes', {}, 400, 'EntityTooLarge'],
  ['a file smaller than declared', 'tiny', {}, 400, 'EntityTooSmall'],
  ['another type', '7 bytes', { 'Content-Type': 'text/html' }, 403, 'AccessDenied'],
  ['another key', '7 bytes', { key: 'uploads/43' }, 403, 'AccessDenied'],
  ['a field that the policy does not know', '7 bytes', { acl: 'public-read' }, 403, 'AccessDenied'],
  ['a foreign signature', '7 bytes', { 'X-Amz-Signature': '0'.repeat(64) }, 403, 'SignatureDoesNotMatch'],
  ['a policy that is none', '7 bytes', { Policy: 'e30' }, 403, 'SignatureDoesNotMatch'],
])('%s is refused, and nothing is stored', async (_case, content, changes, status, code) => {
  const answer = await upload(content, changes);

  expect(answer).toMatchObject({ status, text: expect.stringContaining(`<Code>${code}</Code>`) });
  expect(storage.s3.keys('uploads')).toEqual([]);
});

test('a failed condition is named', async () => {
  const { text } = await upload('7 bytes', { key: 'uploads/43' });

  expect(text).toContain('Invalid according to Policy: Policy Condition failed');
  expect(text).toContain('$key');
});

test('an upload of megabytes beyond the limit is refused with an answer', async () => {
  const { status, text } = await upload('x'.repeat(8 * 1024 * 1024));

  expect(status).toBe(400);
  expect(text).toContain('<MaxSizeAllowed>10</MaxSizeAllowed>');
});

test('a form is refused after its time', async () => {
  const { status, text } = await upload('7 bytes', {}, { ...options, Expires: -1 });

  expect(status).toBe(403);
  expect(text).toContain('Policy expired');
});

test('a starts-with condition leaves the rest of the key open', async () => {
  const Conditions: PresignedPostOptions['Conditions'] = [['starts-with', '$key', 'uploads/']];
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is S3's own
  const Key = 'uploads/${filename}';

  const { status } = await upload('any size at all', {}, { Bucket: 'uploads', Key, Conditions });

  expect(status).toBe(204);
  expect(storage.s3.keys('uploads')).toEqual(['uploads/photo.png']);
});

test('a form of nobody is refused', async () => {
  const form = new FormData();
  form.append('key', 'uploads/44');
  form.append('file', new Blob(['hello']), 'a.txt');

  const response = await fetch(`${storage.endpoint}/uploads`, { method: 'POST', body: form });

  expect(response.status).toBe(403);
});

test('a presigned URL opens its object, under the name that it was signed with', async () => {
  await upload('7 bytes');
  const command = new GetObjectCommand({
    Bucket: 'uploads',
    Key: 'uploads/42',
    ResponseContentDisposition: 'attachment; filename="a b.png"',
  });

  const response = await fetch(await getSignedUrl(signer, command, { expiresIn: 60 }));

  expect(await response.text()).toBe('7 bytes');
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="a b.png"');
});

test('a presigned URL that has been changed, or has expired, opens nothing', async () => {
  await upload('7 bytes');
  const command = new GetObjectCommand({ Bucket: 'uploads', Key: 'uploads/42' });
  const url = await getSignedUrl(signer, command, { expiresIn: 60 });
  const expired = await getSignedUrl(signer, command, {
    expiresIn: 60,
    signingDate: new Date(Date.now() - 61_000),
  });

  const changed = await fetch(url.replace('uploads/42', 'uploads/43'));
  const late = await fetch(expired);

  expect(await changed.text()).toContain('SignatureDoesNotMatch');
  expect(changed.status).toBe(403);
  expect(await late.text()).toContain('Request has expired');
  expect(late.status).toBe(403);
});

test('a browser may post where the bucket allows its origin, and nowhere else', async () => {
  await storage.s3.putCors('uploads', [
    {
      allowedOrigins: ['https://*.example.com'],
      allowedMethods: ['POST'],
      allowedHeaders: ['*'],
      exposedHeaders: ['etag'],
    },
  ]);
  const ask = (origin: string) =>
    fetch(`${storage.endpoint}/uploads`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });

  const allowed = await ask('https://app.example.com');
  const refused = await ask('https://example.org');

  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  expect(allowed.headers.get('access-control-allow-headers')).toBe('content-type');
  expect(refused.status).toBe(403);
});
