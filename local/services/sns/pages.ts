import { invalidParameter } from './errors.ts';

/** Amazon SNS lists 100 at a time. */
const PAGE_SIZE = 100;

/** The page of a list that a token leads to, and the token of the next. Throws AwsError InvalidParameter. */
export const page = <T>(
  all: readonly T[],
  token: string | undefined,
): { readonly items: readonly T[]; readonly NextToken: string | undefined } => {
  const start = token ? Number(Buffer.from(token, 'base64url').toString()) : 0;
  if (!Number.isInteger(start) || start < 0) throw invalidParameter('NextToken');
  const end = start + PAGE_SIZE;
  return {
    items: all.slice(start, end),
    NextToken: end < all.length ? Buffer.from(String(end)).toString('base64url') : undefined,
  };
};
