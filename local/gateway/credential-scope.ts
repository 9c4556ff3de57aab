import type { IncomingMessage } from 'node:http';

/** What a request's signature says before anybody has checked it: whose key, and for which service. */
export interface CredentialScope {
  readonly accessKeyId: string;
  /** `20260131` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** `AKID/20260131/us-east-1/sqs/aws4_request`, as in AWS's Signature Version 4; a key id may itself contain slashes. */
export const parseCredential = (credential: string): CredentialScope | undefined => {
  const parts = credential.split('/');
  const [date, region, service, terminator] = parts.slice(-4);
  const accessKeyId = parts.slice(0, -4).join('/');
  if (!accessKeyId || !date || !region || !service || terminator !== 'aws4_request') return undefined;
  return { accessKeyId, date, region, service };
};

const inHeader = /Credential=([^,\s]+)/;

/** The scope from the `Authorization` header or from a presigned URL; undefined for an unsigned request. */
export const credentialScopeOf = (
  request: IncomingMessage,
  query: URLSearchParams,
): CredentialScope | undefined => {
  const credential =
    inHeader.exec(request.headers.authorization ?? '')?.[1] ?? query.get('X-Amz-Credential') ?? undefined;
  return credential === undefined ? undefined : parseCredential(credential);
};
