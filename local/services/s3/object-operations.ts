import { pipeline } from 'node:stream/promises';
import { arnOf } from './buckets.ts';
import { invalidArgument, noSuchKey, S3Error } from './errors.ts';
import {
  causeOf,
  type Engines,
  type Exchange,
  header,
  type Operation,
  sendEmpty,
  sendXml,
} from './exchange.ts';
import { bodyOf, conditionsOf, headerFields, metadataOf } from './incoming.ts';
import { isUnchanged, rangeOf } from './read-conditions.ts';
import type { StoredObject } from './store.ts';
import { NAMESPACE } from './xml.ts';

const CHECKSUM = 'x-amz-checksum-';

const checksumsOf = (object: StoredObject): Record<string, string> =>
  Object.fromEntries(Object.entries(object.headers).filter(([name]) => name.startsWith(CHECKSUM)));

export const putObject: Operation = {
  name: 'PutObject',
  run: async (exchange, { objects }) => {
    const { bucket, key, call } = exchange;
    call.authorize('s3:PutObject', arnOf(bucket, key));
    const upload = {
      bucket,
      key,
      headers: metadataOf(headerFields(exchange)),
      conditions: conditionsOf(exchange),
    };
    const object = await objects.put(upload, bodyOf(exchange), causeOf(exchange, 'ObjectCreated:Put'));
    sendEmpty(exchange, 200, { etag: `"${object.etag}"`, ...checksumsOf(object) });
  },
};

/** `/bucket/key`, url-encoded; the slash before it may be missing. */
const copySource = (source: string): { bucket: string; key: string } => {
  const [path = ''] = source.replace(/^\//, '').split('?', 1);
  const slash = path.indexOf('/');
  if (slash < 1) throw invalidArgument('Invalid copy source object key', 'x-amz-copy-source', source);
  return { bucket: decodeURIComponent(path.slice(0, slash)), key: decodeURIComponent(path.slice(slash + 1)) };
};

export const copyObject: Operation = {
  name: 'CopyObject',
  run: async (exchange, { objects }) => {
    const { bucket, key, call } = exchange;
    const from = copySource(header(exchange, 'x-amz-copy-source') ?? '');
    call.authorize('s3:GetObject', arnOf(from.bucket, from.key));
    call.authorize('s3:PutObject', arnOf(bucket, key));
    const replace = header(exchange, 'x-amz-metadata-directive') === 'REPLACE';
    if (!replace && from.bucket === bucket && from.key === key)
      throw new S3Error(
        'InvalidRequest',
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
        400,
      );
    exchange.request.resume();
    const source = objects.get(from.bucket, from.key);
    const headers = replace ? metadataOf(headerFields(exchange)) : source.headers;
    const body = { source: await objects.read(source), expected: { checksums: new Map<string, string>() } };
    const upload = { bucket, key, headers, conditions: conditionsOf(exchange) };
    const copy = await objects.put(upload, body, causeOf(exchange, 'ObjectCreated:Copy'));
    sendXml(exchange, `CopyObjectResult ${NAMESPACE}`, {
      LastModified: new Date(copy.modifiedMs).toISOString(),
      ETag: `"${copy.etag}"`,
    });
  },
};

/** Whoever may not list the bucket is not told which keys are missing: it is refused instead (GetObject, "Permissions"). */
const find = ({ bucket, key, call }: Exchange, { objects, store, buckets }: Engines): StoredObject => {
  buckets.get(bucket);
  if (!store.object(bucket, key)) call.authorize('s3:ListBucket', arnOf(bucket));
  return objects.get(bucket, key);
};

const answerHeaders = (exchange: Exchange, object: StoredObject): Record<string, string> => {
  const checksums = header(exchange, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  const headers: Record<string, string> = {
    'accept-ranges': 'bytes',
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.modifiedMs).toUTCString(),
  };
  for (const [name, value] of Object.entries(object.headers)) {
    if (!name.startsWith(CHECKSUM) || checksums) headers[name] = value;
  }
  for (const [name, value] of exchange.query) {
    if (name.startsWith('response-')) headers[name.slice('response-'.length).toLowerCase()] = value;
  }
  return headers;
};

export const getObject: Operation = {
  name: 'GetObject',
  run: async (exchange, engines) => {
    const { bucket, key, call, request, response } = exchange;
    call.authorize('s3:GetObject', arnOf(bucket, key));
    const object = find(exchange, engines);
    const headers = answerHeaders(exchange, object);
    if (isUnchanged(exchange, object)) {
      sendEmpty(exchange, 304, { etag: `"${object.etag}"` });
      return;
    }
    const range = rangeOf(header(exchange, 'range'), object.size);
    if (range) {
      headers['content-range'] = `bytes ${range.start}-${range.end}/${object.size}`;
      for (const name of Object.keys(checksumsOf(object))) delete headers[name];
    }
    headers['content-length'] = String(range ? range.end - range.start + 1 : object.size);
    const body = request.method === 'HEAD' ? undefined : await openBody(engines, object, range);
    response.writeHead(range ? 206 : 200, headers);
    if (!body) response.end();
    else await pipeline(body, response).catch(() => response.destroy());
  },
};

/** A PUT may have replaced the object since it was found: then the bytes are those of the new one, and the read fails. */
const openBody = async ({ objects }: Engines, object: StoredObject, range: ReturnType<typeof rangeOf>) => {
  try {
    return await objects.read(object, range);
  } catch {
    throw noSuchKey(object.key);
  }
};

export const deleteObject: Operation = {
  name: 'DeleteObject',
  run: async (exchange, { objects }) => {
    const { bucket, key, call } = exchange;
    call.authorize('s3:DeleteObject', arnOf(bucket, key));
    await objects.remove(bucket, key, causeOf(exchange, 'ObjectRemoved:Delete'));
    sendEmpty(exchange, 204);
  },
};
