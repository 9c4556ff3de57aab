import { z } from 'zod';
import { AwsError } from '../../errors.ts';
import { readBody } from '../service.ts';
import { arnOf } from './buckets.ts';
import { invalidArgument } from './errors.ts';
import { causeOf, type Operation, sendEmpty, sendXml } from './exchange.ts';
import { list } from './listing.ts';
import type { StoredObject } from './store.ts';
import { NAMESPACE, readXml, type Xml } from './xml.ts';

const MOST_KEYS = 1000;
const LARGEST_DELETE = 2 * 1024 * 1024;

const owner = (account: string): Xml => ({ ID: account, DisplayName: account });

export const listBuckets: Operation = {
  name: 'ListBuckets',
  run: (exchange, { buckets, foundation }) => {
    exchange.call.authorize('s3:ListAllMyBuckets', '*');
    sendXml(exchange, `ListAllMyBucketsResult ${NAMESPACE}`, {
      Owner: owner(foundation.account),
      Buckets: {
        Bucket: buckets.all().map(({ name, createdMs }) => ({
          Name: name,
          CreationDate: new Date(createdMs).toISOString(),
        })),
      },
    });
  },
};

export const createBucket: Operation = {
  name: 'CreateBucket',
  run: async (exchange, { buckets }) => {
    exchange.call.authorize('s3:CreateBucket', arnOf(exchange.bucket));
    exchange.request.resume();
    await buckets.ensure(exchange.bucket);
    sendEmpty(exchange, 200, { location: `/${exchange.bucket}` });
  },
};

export const headBucket: Operation = {
  name: 'HeadBucket',
  run: (exchange, { buckets, foundation }) => {
    exchange.call.authorize('s3:ListBucket', arnOf(exchange.bucket));
    buckets.get(exchange.bucket);
    sendEmpty(exchange, 200, { 'x-amz-bucket-region': foundation.region });
  },
};

export const deleteBucket: Operation = {
  name: 'DeleteBucket',
  run: async (exchange, { buckets }) => {
    exchange.call.authorize('s3:DeleteBucket', arnOf(exchange.bucket));
    await buckets.remove(exchange.bucket);
    sendEmpty(exchange, 204);
  },
};

export const getBucketLocation: Operation = {
  name: 'GetBucketLocation',
  run: (exchange, { buckets, foundation }) => {
    exchange.call.authorize('s3:GetBucketLocation', arnOf(exchange.bucket));
    buckets.get(exchange.bucket);
    // "Buckets in Region us-east-1 have a LocationConstraint of null."
    sendXml(
      exchange,
      `LocationConstraint ${NAMESPACE}`,
      foundation.region === 'us-east-1' ? '' : foundation.region,
    );
  },
};

/** Both versions of ListObjects: they differ in how a page says where the next one begins. */
export const listObjects: Operation = {
  name: 'ListObjects',
  run: (exchange, { buckets, store, foundation }) => {
    const { bucket, query, call } = exchange;
    call.authorize('s3:ListBucket', arnOf(bucket));
    buckets.get(bucket);
    const second = query.get('list-type') === '2';
    const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
    const max = maxKeys(query.get('max-keys'));
    const encode = query.get('encoding-type') === 'url' ? encodeURIComponent : (text: string) => text;
    const listing = list(store, { bucket, prefix, delimiter, max, after: startOf(query, second) });

    const entry = ({ key, modifiedMs, etag, size }: StoredObject): Xml => ({
      Key: encode(key),
      LastModified: new Date(modifiedMs).toISOString(),
      ETag: `"${etag}"`,
      Size: size,
      StorageClass: 'STANDARD',
      ...(!second || query.get('fetch-owner') === 'true' ? { Owner: owner(foundation.account) } : {}),
    });
    sendXml(exchange, `ListBucketResult ${NAMESPACE}`, {
      Name: bucket,
      Prefix: encode(prefix),
      ...(second
        ? {
            KeyCount: listing.objects.length + listing.commonPrefixes.length,
            ContinuationToken: query.get('continuation-token') ?? undefined,
            NextContinuationToken: listing.next && Buffer.from(listing.next).toString('base64url'),
            StartAfter: query.get('start-after') ?? undefined,
          }
        : { Marker: encode(query.get('marker') ?? ''), NextMarker: listing.next && encode(listing.next) }),
      MaxKeys: max,
      Delimiter: delimiter === '' ? undefined : encode(delimiter),
      EncodingType: query.get('encoding-type') ?? undefined,
      IsTruncated: listing.next !== undefined,
      Contents: listing.objects.map(entry),
      CommonPrefixes: listing.commonPrefixes.map((common) => ({ Prefix: encode(common) })),
    });
  },
};

const maxKeys = (text: string | null): number => {
  if (text === null) return MOST_KEYS;
  if (!/^\d+$/.test(text))
    throw invalidArgument('Provided max-keys not an integer or within integer range', 'max-keys', text);
  return Math.min(Number(text), MOST_KEYS);
};

const startOf = (query: URLSearchParams, second: boolean): string => {
  if (!second) return query.get('marker') ?? '';
  const token = query.get('continuation-token');
  return token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString('utf8');
};

const entry = z.object({ Key: z.string().min(1) });
const deletion = z.object({
  Delete: z.object({
    Object: z.union([entry.transform((one) => [one]), z.array(entry).max(MOST_KEYS)]),
    Quiet: z.string().optional(),
  }),
});

/** Each key succeeds or fails by itself. */
export const deleteObjects: Operation = {
  name: 'DeleteObjects',
  run: async (exchange, { objects, buckets }) => {
    const { bucket, request } = exchange;
    buckets.get(bucket);
    const { Delete } = readXml(await readBody(request, LARGEST_DELETE), deletion);
    const results = await Promise.all(
      Delete.Object.map(async ({ Key }) => {
        try {
          exchange.call.authorize('s3:DeleteObject', arnOf(bucket, Key));
          await objects.remove(bucket, Key, causeOf(exchange, 'ObjectRemoved:Delete'));
          return { deleted: { Key } };
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          return { failed: { Key, Code: error.code, Message: error.message } };
        }
      }),
    );
    sendXml(exchange, `DeleteResult ${NAMESPACE}`, {
      Deleted: Delete.Quiet === 'true' ? [] : results.map(({ deleted }) => deleted),
      Error: results.map(({ failed }) => failed),
    });
  },
};
