import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type Storage, s3Client, startStorage } from './storage.ts';

const SIGNED = 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, Signature=0';

let storage: Storage;
let client: S3Client;

beforeEach(async () => {
  storage = await startStorage();
  await storage.s3.createBucket('photos');
  client = s3Client(storage);
});

afterEach(async () => {
  client.destroy();
  await storage.close();
});

const put = (Key: string, Body: string | Uint8Array, extra = {}) =>
  client.send(new PutObjectCommand({ Bucket: 'photos', Key, Body, ...extra }));
const get = (Key: string, extra = {}) =>
  client.send(new GetObjectCommand({ Bucket: 'photos', Key, ...extra }));

test('an object comes back as it was put: bytes, type, metadata, ETag', async () => {
  const body = randomBytes(100_000);

  const { ETag } = await put('a/ü b+c.jpg', body, { ContentType: 'image/jpeg', Metadata: { job: '42' } });
  const found = await get('a/ü b+c.jpg');

  expect(Buffer.from((await found.Body?.transformToByteArray()) ?? [])).toEqual(body);
  expect(found).toMatchObject({
    ContentType: 'image/jpeg',
    Metadata: { job: '42' },
    ETag,
    ContentLength: 100_000,
  });
});

test('a stream of unknown checksum is taken in chunks, and its trailing checksum is kept', async () => {
  const body = randomBytes(150_000);

  await client.send(
    new PutObjectCommand({
      Bucket: 'photos',
      Key: 'streamed',
      Body: Readable.from([body.subarray(0, 65_537), body.subarray(65_537)]),
      ContentLength: body.length,
      ChecksumAlgorithm: 'CRC32',
    }),
  );
  const found = await get('streamed', { ChecksumMode: 'ENABLED' });

  expect(Buffer.from((await found.Body?.transformToByteArray()) ?? [])).toEqual(body);
  expect(found.ChecksumCRC32).toBeDefined();
  expect(found.ContentEncoding).toBeUndefined();
});

test('a body that does not match its checksum is refused, and nothing stays', async () => {
  const refused = put('broken', 'hello', { ChecksumCRC32: 'AAAAAA==' });

  await expect(refused).rejects.toMatchObject({ name: 'BadDigest' });
  await expect(get('broken')).rejects.toMatchObject({ name: 'NoSuchKey' });
  expect(await readdir(join(storage.foundation.dataDir, 'objects'))).toEqual([]);
});

test('If-None-Match: * keeps the first of two writers', async () => {
  const both = await Promise.allSettled([
    put('once', 'first', { IfNoneMatch: '*' }),
    put('once', 'second', { IfNoneMatch: '*' }),
  ]);

  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const failed = both.find((one) => one.status === 'rejected');
  expect(failed?.reason).toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
});

test.each([
  ['bytes=0-3', '0123', 'bytes 0-3/10'],
  ['bytes=7-', '789', 'bytes 7-9/10'],
  ['bytes=-2', '89', 'bytes 8-9/10'],
  ['bytes=8-100', '89', 'bytes 8-9/10'],
])('the range %s is answered with its bytes', async (Range, text, contentRange) => {
  await put('digits', '0123456789');

  const part = await get('digits', { Range });

  expect(await part.Body?.transformToString()).toBe(text);
  expect(part.ContentRange).toBe(contentRange);
});

test('a range behind the end is refused', async () => {
  await put('digits', '0123456789');

  const refused = get('digits', { Range: 'bytes=10-' });

  await expect(refused).rejects.toMatchObject({ name: 'InvalidRange', $metadata: { httpStatusCode: 416 } });
});

test('what the client has already is not sent again', async () => {
  const { ETag } = await put('cached', 'hello');

  const again = get('cached', { IfNoneMatch: ETag });

  await expect(again).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
});

test('a listing is in byte order, rolled up at the delimiter, and paged without loss', async () => {
  for (const key of ['b/1', 'a', 'b/2', 'c/x/1', 'd', 'B']) await put(key, key);

  const pages = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: 'photos', Delimiter: '/', MaxKeys: 2, ContinuationToken }),
    );
    pages.push(
      ...(page.Contents ?? []).map(({ Key }) => Key),
      ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
    );
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);

  expect(pages).toEqual(['B', 'a', 'd', 'b/', 'c/'].sort());
});

test('a copy has the bytes and the metadata of its source', async () => {
  await put('source', 'hello', { ContentType: 'text/plain', Metadata: { by: 'me' } });

  await client.send(new CopyObjectCommand({ Bucket: 'photos', Key: 'copy', CopySource: 'photos/source' }));
  const copy = await get('copy');

  expect(await copy.Body?.transformToString()).toBe('hello');
  expect(copy).toMatchObject({ ContentType: 'text/plain', Metadata: { by: 'me' } });
});

test('several objects are deleted at once, one that is missing is no error', async () => {
  await put('one', '1');
  await put('two', '2');

  const Objects = ['one', 'two', 'three'].map((Key) => ({ Key }));
  const { Deleted } = await client.send(new DeleteObjectsCommand({ Bucket: 'photos', Delete: { Objects } }));

  expect(Deleted?.map(({ Key }) => Key)).toEqual(['one', 'two', 'three']);
  expect(storage.s3.keys('photos')).toEqual([]);
});

test('an upload in parts is one object once it is completed', async () => {
  const [first, last] = [randomBytes(5 * 1024 * 1024), randomBytes(1000)];
  const target = { Bucket: 'photos', Key: 'large' };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
  const Parts = [];
  for (const [index, body] of [first, last].entries()) {
    const url = `${storage.endpoint}/photos/large?partNumber=${index + 1}&uploadId=${UploadId}`;
    // Not by the SDK: its checksums take seconds over five megabytes in jest's sandbox.
    const response = await fetch(url, { method: 'PUT', body, headers: { authorization: SIGNED } });
    Parts.push({ ETag: response.headers.get('etag') ?? '', PartNumber: index + 1 });
  }
  await expect(get('large')).rejects.toMatchObject({ name: 'NoSuchKey' });

  await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }));
  const large = await get('large');

  // Not with `toEqual`: it looks at each of five million bytes by itself.
  const bytes = Buffer.from((await large.Body?.transformToByteArray()) ?? []);
  expect(bytes.equals(Buffer.concat([first, last]))).toBe(true);
  expect(large.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
});

test('a role without the grant is refused by action and resource; one that may not list is not told what is missing', async () => {
  const role = 'arn:aws:iam::000000000000:role/reader';
  storage.iam.putRole(role, {
    Read: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' }],
    },
  });
  const reader = s3Client(storage, storage.iam.credentialsFor(role, 'session'));

  const write = reader.send(new PutObjectCommand({ Bucket: 'photos', Key: 'a', Body: 'x' }));
  await expect(write).rejects.toThrow(/s3:PutObject on resource: arn:aws:s3:::photos\/a/);
  const read = reader.send(new GetObjectCommand({ Bucket: 'photos', Key: 'missing' }));
  await expect(read).rejects.toMatchObject({ name: 'AccessDenied' });
  const head = reader.send(new HeadObjectCommand({ Bucket: 'photos', Key: 'missing' }));
  await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  reader.destroy();
});

test('what the cloud does not implement is refused by name', async () => {
  const response = await fetch(`${storage.endpoint}/photos/a?torrent`);

  expect(response.status).toBe(501);
  expect(await response.text()).toContain('GET object?torrent');
});

test('objects are there again after a restart, and files that no object stands on are removed', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'local-cloud-'));
  const before = await startStorage({ dataDir });
  await before.s3.createBucket('kept');
  const writer = s3Client(before);
  await writer.send(new PutObjectCommand({ Bucket: 'kept', Key: 'a', Body: 'old' }));
  await writer.send(new PutObjectCommand({ Bucket: 'kept', Key: 'a', Body: 'new' }));
  writer.destroy();
  await before.close();

  const after = await startStorage({ dataDir });
  const reader = s3Client(after);
  const found = await reader.send(new GetObjectCommand({ Bucket: 'kept', Key: 'a' }));

  expect(await found.Body?.transformToString()).toBe('new');
  expect(await readdir(join(dataDir, 'objects'))).toHaveLength(1);
  reader.destroy();
  await after.close();
  await rm(dataDir, { recursive: true });
});
