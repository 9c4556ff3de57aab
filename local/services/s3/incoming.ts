import { decodeChunked } from './aws-chunked.ts';
import { notImplemented, S3Error } from './errors.ts';
import { type Exchange, header } from './exchange.ts';
import type { Body, WriteConditions } from './objects.ts';
import type { Headers } from './store.ts';

/** Amazon S3 API Reference, "PutObject": what is kept with an object and answered with it. */
const keptHeaders = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  'x-amz-storage-class',
  'x-amz-website-redirect-location',
];

const META = 'x-amz-meta-';
const CHECKSUM = /^x-amz-checksum-(crc32|crc32c|crc64nvme|sha1|sha256)$/;
const MOST_METADATA = 2048;

/** System and user metadata out of the fields of a request or form, whose names are in lower case. */
export const metadataOf = (fields: Iterable<readonly [string, string]>): Headers => {
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  let metadataBytes = 0;
  for (const [name, value] of fields) {
    if (name.startsWith(META))
      metadataBytes += Buffer.byteLength(name) - META.length + Buffer.byteLength(value);
    if (name.startsWith(META) || keptHeaders.includes(name)) kept[name] = value;
  }
  if (metadataBytes > MOST_METADATA)
    throw new S3Error(
      'MetadataTooLarge',
      'Your metadata headers exceed the maximum allowed metadata size',
      400,
    );
  const encoding = kept['content-encoding']?.replace(/^aws-chunked,?\s*/, '');
  if (encoding === '') delete kept['content-encoding'];
  else if (encoding !== undefined) kept['content-encoding'] = encoding;
  return kept;
};

export const headerFields = ({ request }: Exchange): [string, string][] =>
  Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  );

/** The body of a PUT: plain or `aws-chunked`, with whatever checksums the client states. */
export const bodyOf = (exchange: Exchange): Body => {
  const checksums = new Map(headerFields(exchange).filter(([name]) => CHECKSUM.test(name)));
  const contentSha256 = header(exchange, 'x-amz-content-sha256') ?? '';
  const announced = header(exchange, 'x-amz-trailer')?.toLowerCase();
  const contentMd5 = header(exchange, 'content-md5');
  const chunked = contentSha256.startsWith('STREAMING-');
  return {
    source: chunked
      ? decodeChunked(exchange.request, (name, value) => {
          if (CHECKSUM.test(name)) checksums.set(name, value);
        })
      : // A refused upload must not end the connection: the client would not hear why.
        exchange.request.iterator({ destroyOnReturn: false }),
    expected: {
      checksums,
      ...(contentMd5 === undefined ? {} : { contentMd5 }),
      ...(/^[0-9a-f]{64}$/.test(contentSha256) ? { sha256Hex: contentSha256 } : {}),
    },
    ...(announced === undefined ? {} : { announced }),
  };
};

export const conditionsOf = (exchange: Exchange): WriteConditions => {
  const ifNoneMatch = header(exchange, 'if-none-match');
  const ifMatch = header(exchange, 'if-match');
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw notImplemented('If-None-Match other than *');
  return {
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
    ...(ifMatch === undefined ? {} : { ifMatch }),
  };
};
