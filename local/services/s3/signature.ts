import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type CredentialScope, parseCredential } from '../../gateway/credential-scope.ts';
import type { Iam } from '../../iam.ts';
import { accessDenied, S3Error } from './errors.ts';
import { type Exchange, header } from './exchange.ts';

/**
 * The secret of a key that this cloud has given out. A key of the user's own (`test`, a profile) is nobody's secret
 * here: it acts as the account, and what it signs is not checked.
 */
const secretOf = (iam: Iam, accessKeyId: string): string | undefined => {
  const caller = iam.callerOf(accessKeyId);
  if (caller.kind !== 'role') return undefined;
  const credentials = iam.credentialsFor(caller.roleArn, caller.session);
  return credentials.accessKeyId === accessKeyId ? credentials.secretAccessKey : undefined;
};

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const sign = (secret: string, { date, region, service }: CredentialScope, text: string): Buffer => {
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, text);
};

/** @throws SignatureDoesNotMatch when the key is one of ours and the signature is not by it. */
export const verifySignature = (iam: Iam, scope: CredentialScope, text: string, signature: string): void => {
  const secret = secretOf(iam, scope.accessKeyId);
  if (secret === undefined) return;
  const expected = sign(secret, scope, text);
  const provided = Buffer.from(signature, 'hex');
  if (provided.length === expected.length && timingSafeEqual(provided, expected)) return;
  throw new S3Error(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    403,
    { AWSAccessKeyId: scope.accessKeyId },
  );
};

const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const canonicalQuery = (query: URLSearchParams): string =>
  [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');

const canonicalRequest = (exchange: Exchange): string => {
  const { request, query } = exchange;
  const signedHeaders = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
  const headers = signedHeaders.map(
    (name) => `${name}:${(header(exchange, name) ?? '').trim().replace(/ +/g, ' ')}\n`,
  );
  return [
    request.method,
    request.url?.split('?')[0],
    canonicalQuery(query),
    headers.join(''),
    signedHeaders.join(';'),
    query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
};

/** `20260131T235959Z` in milliseconds since the epoch. */
const parseDate = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

const LONGEST_EXPIRY_SECONDS = 7 * 24 * 60 * 60;

/**
 * Checks a presigned URL (Amazon S3 API Reference, "Authenticating requests: using query parameters").
 * @param nowMs of the machine's own clock: the URL was dated by another process.
 * @throws AccessDenied when it has expired, AuthorizationQueryParametersError, SignatureDoesNotMatch
 */
export const verifyPresigned = (exchange: Exchange, iam: Iam, nowMs: number): void => {
  const { query } = exchange;
  if (query.get('X-Amz-Algorithm') === null) return;
  const date = query.get('X-Amz-Date') ?? '';
  const expires = Number(query.get('X-Amz-Expires') ?? Number.NaN);
  const scope = parseCredential(query.get('X-Amz-Credential') ?? '');
  if (!scope || Number.isNaN(parseDate(date)) || !(expires >= 0 && expires <= LONGEST_EXPIRY_SECONDS))
    throw new S3Error(
      'AuthorizationQueryParametersError',
      'X-Amz-Credential, X-Amz-Date and X-Amz-Expires (at most 604800) are required and must be valid',
      400,
    );
  if (nowMs > parseDate(date) + expires * 1000) throw accessDenied('Request has expired');

  const hash = createHash('sha256').update(canonicalRequest(exchange)).digest('hex');
  const scopeText = [scope.date, scope.region, scope.service, 'aws4_request'].join('/');
  const text = ['AWS4-HMAC-SHA256', date, scopeText, hash].join('\n');
  verifySignature(iam, scope, text, query.get('X-Amz-Signature') ?? '');
};
