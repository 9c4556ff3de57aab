import type { TraceEvent } from './event.ts';

/** A message's way through its queue, and through the dead-letter queues that it was moved to. */
export interface Stay {
  /** Times in ms since the epoch. */
  readonly receivedAt: number[];
  deletedAt?: number;
  readonly movedTo: string[];
}

/** One thing that happened, and what it has led to. */
export interface TraceNode {
  readonly event: TraceEvent;
  /** Its place among all events: several may have the same time. */
  readonly place: number;
  /** Only for a message in a queue. */
  readonly stay?: Stay;
  readonly parents: TraceNode[];
  readonly children: TraceNode[];
}
