import { createHash } from 'node:crypto';

/** "A 128-bit integer": the hash keys that the open shards of a stream divide among themselves, both ends included. */
export interface HashKeyRange {
  readonly start: bigint;
  readonly end: bigint;
}

export const HASH_KEYS = 2n ** 128n;

/** "An MD5 hash function is used to map partition keys to 128-bit integer values" (Kinesis API, "PutRecord"). */
export const hashKeyOf = (partitionKey: string): bigint =>
  BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`);

export const covers = ({ start, end }: HashKeyRange, key: bigint): boolean => start <= key && key <= end;

/** All hash keys in `count` ranges of equal size; the last takes what is left over. */
export const evenRanges = (count: number): HashKeyRange[] => {
  const size = HASH_KEYS / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    start: BigInt(index) * size,
    end: index === count - 1 ? HASH_KEYS - 1n : BigInt(index + 1) * size - 1n,
  }));
};
