import { z } from 'zod';

/**
 * What every message of the lab carries, so that whoever reads the log of a run can say what became of it.
 * Times are milliseconds since the epoch, with fractions; all processes of a run share one machine's clock.
 */
export const LabMessage = z.strictObject({
  run: z.string().min(1),
  producer: z.string().min(1),
  /** What order is kept by: the group, the partition key. */
  key: z.string().min(1),
  /** Counts from 0 for each producer and key. */
  seq: z.int().min(0),
  /** When the plan wanted it sent. Latency counts from here: a sender that is held up does not hide it. */
  intendedAt: z.number(),
  sentAt: z.number(),
  /** Makes the message as large as the run wants it. */
  padding: z.string(),
});
export type LabMessage = z.infer<typeof LabMessage>;

/** Names one message of a run. */
export interface MessageId {
  readonly producer: string;
  readonly key: string;
  readonly seq: number;
}

export const idOf = ({ producer, key, seq }: MessageId): string => `${producer}/${key}/${seq}`;

/** The clock of all latencies: milliseconds since the epoch with fractions. */
export const nowMs = (): number => performance.timeOrigin + performance.now();
