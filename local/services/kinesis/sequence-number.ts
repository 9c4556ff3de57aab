/**
 * Sequence numbers have 56 digits, as on AWS, so that text and number sort alike: when the stream was made, the position
 * in the stream, the shard. Positions go on through resharding: a child's numbers are all above its parents'.
 */
export interface SequenceNumber {
  readonly createdAt: number;
  readonly position: number;
  readonly shard: number;
}

const shape = /^49(\d{15})(\d{27})(\d{12})$/;

export const sequenceNumber = ({ createdAt, position, shard }: SequenceNumber): string =>
  `49${String(createdAt).padStart(15, '0')}${String(position).padStart(27, '0')}${String(shard).padStart(12, '0')}`;

/** @returns undefined for what no stream here gave out. */
export const parseSequenceNumber = (text: string): SequenceNumber | undefined => {
  const [, createdAt, position, shard] = shape.exec(text) ?? [];
  if (shard === undefined) return undefined;
  return { createdAt: Number(createdAt), position: Number(position), shard: Number(shard) };
};
