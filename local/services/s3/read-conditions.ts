import type { Range } from './blobs.ts';
import { preconditionFailed, S3Error } from './errors.ts';
import { type Exchange, header } from './exchange.ts';
import type { StoredObject } from './store.ts';

const names = (list: string, etag: string): boolean =>
  list.split(',').some((one) => {
    const wanted = one.trim().replace(/^W\//, '').replaceAll('"', '');
    return wanted === '*' || wanted === etag;
  });

const secondOf = (ms: number): number => Math.floor(ms / 1000);

/**
 * Amazon S3 API Reference, "GetObject": a matching ETag outweighs a date.
 * @returns whether the client has the object already (304).
 * @throws PreconditionFailed
 */
export const isUnchanged = (exchange: Exchange, { etag, modifiedMs }: StoredObject): boolean => {
  const ifMatch = header(exchange, 'if-match');
  const unmodifiedSince = Date.parse(header(exchange, 'if-unmodified-since') ?? '');
  if (ifMatch !== undefined) {
    if (!names(ifMatch, etag)) throw preconditionFailed('If-Match');
  } else if (secondOf(modifiedMs) > secondOf(unmodifiedSince))
    throw preconditionFailed('If-Unmodified-Since');

  const ifNoneMatch = header(exchange, 'if-none-match');
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, etag);
  const modifiedSince = Date.parse(header(exchange, 'if-modified-since') ?? '');
  return secondOf(modifiedMs) <= secondOf(modifiedSince);
};

/**
 * One range of bytes: `bytes=0-99`, `bytes=100-`, `bytes=-50`. Any other `Range` is ignored, as on S3.
 * @throws InvalidRange when it begins behind the object's end.
 */
export const rangeOf = (text: string | undefined, size: number): Range | undefined => {
  const match = /^bytes=(\d*)-(\d*)$/.exec(text ?? '');
  if (!match || match[0] === 'bytes=-') return undefined;
  const [, from = '', to = ''] = match;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  if (start >= size)
    throw new S3Error('InvalidRange', 'The requested range is not satisfiable', 416, {
      RangeRequested: text ?? '',
      ActualObjectSize: String(size),
    });
  return { start, end };
};
