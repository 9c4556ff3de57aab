import type { CloudEvent } from '../messages/cloud-event.ts';
import type { Activity, ActivityCount } from './activity.ts';

/** An event that the log has not taken, and why. */
export interface NotAppended {
  readonly event: CloudEvent;
  readonly reason: string;
}

/** The log of everything that happens, ordered by subject, whichever broker keeps it. */
export interface ActivityLog {
  /**
   * Appends events; those of one subject in the order in which they are given, none past one that was not taken.
   * @returns what was not taken after some tries; everything else is in the log
   */
  append(events: readonly CloudEvent[]): Promise<readonly NotAppended[]>;
}

/** What has been counted, by minute and type. */
export interface ActivityCounts {
  /**
   * Counts records of one partition that follow each other, each only once: one that is not past the last that was
   * counted of its partition changes nothing. For that all records of a partition have to come in order.
   * @returns how many were counted now
   */
  count(batch: readonly Activity[]): Promise<number>;
  /** What was counted in these minutes: each of them the beginning of one, ISO 8601. */
  read(minutes: readonly string[]): Promise<readonly ActivityCount[]>;
}

/** Where activity is kept for good. */
export interface ActivityArchive {
  /** Keeps records of one partition that follow each other. The same first record again replaces what was kept. */
  write(batch: readonly Activity[]): Promise<void>;
}
