export const PATHS = ['standard', 'fifo', 'topic', 'announced', 'stream', 'worked'] as const;
export type Path = (typeof PATHS)[number];

/** What was acknowledged to those who sent it, by the path that it took. Each text is sent for one purpose only. */
export class Ledger {
  readonly acknowledged: Readonly<Record<Path, Set<string>>> = {
    standard: new Set(),
    fifo: new Set(),
    topic: new Set(),
    announced: new Set(),
    stream: new Set(),
    worked: new Set(),
  };
  /** Acknowledged deletions from the standard queue. */
  readonly deleted = new Set<string>();
  /** Deletions that were asked for: without an answer, they may have been done. */
  readonly deleting = new Set<string>();
  /** Ordered messages whose acknowledgement has not been tried again yet, by deduplication id. */
  readonly recent = new Set<string>();
  /** The same of the messages of the ordered topic. */
  readonly recentlyAnnounced = new Set<string>();
}

/** The body of a second copy, which the deduplication window must keep out. */
export const COPY = 'copy';

/** `a-17` is the 17th message of the sequence `a`. */
export const textOf = (sequence: string, n: number): string => `${sequence}-${n}`;
export const sequenceOf = (text: string): string => text.slice(0, text.lastIndexOf('-'));
export const numberOf = (text: string): number => Number(text.slice(text.lastIndexOf('-') + 1));
