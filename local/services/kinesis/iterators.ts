import { z } from 'zod';
import { AwsError } from '../../errors.ts';
import { invalidArgument } from './errors.ts';

/** "A shard iterator expires 5 minutes after it is returned to the requester" (Kinesis API, "GetShardIterator"). */
export const ITERATOR_LIFE_MS = 5 * 60_000;

const schema = z.strictObject({
  stream: z.string(),
  /** Of the stream: an iterator is no good for another one that has taken its name. */
  createdAt: z.number(),
  shard: z.string(),
  position: z.number().int().min(0),
  issuedAt: z.number(),
});

/** Where reading goes on. */
export type ShardIterator = z.output<typeof schema>;

export const encodeIterator = (iterator: ShardIterator): string =>
  Buffer.from(JSON.stringify(iterator)).toString('base64');

/** @throws InvalidArgumentException, ExpiredIteratorException */
export const decodeIterator = (text: string, now: number): ShardIterator => {
  const iterator = parse(text);
  const age = now - iterator.issuedAt;
  if (age <= ITERATOR_LIFE_MS) return iterator;
  throw new AwsError(
    'ExpiredIteratorException',
    `Iterator expired. The iterator was created at time ${new Date(iterator.issuedAt).toISOString()} while right now it is ${new Date(now).toISOString()} which is further in the future than the tolerated delay of ${ITERATOR_LIFE_MS} milliseconds.`,
  );
};

const parse = (text: string): ShardIterator => {
  try {
    return schema.parse(JSON.parse(Buffer.from(text, 'base64').toString()));
  } catch {
    throw invalidArgument('Invalid ShardIterator.');
  }
};
