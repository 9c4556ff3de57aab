/** Something that happened, as the activity stream tells it. */
export interface Activity {
  readonly type: string;
  readonly subject: string;
  /** As it was written, envelope and all. */
  readonly event: unknown;
  /** Where it stands in the stream: together the identity of the record, also when it is read again. */
  readonly partition: string;
  readonly offset: string;
  /** When the stream took it: what is counted by minute is counted by this, and the same when it is read again. */
  readonly at: Date;
}

/** How often something happened in one minute. */
export interface ActivityCount {
  /** The minute's beginning, ISO 8601. */
  readonly minute: string;
  readonly type: string;
  readonly count: number;
}

const MINUTE_MS = 60_000;

/** The beginning of the minute that `at` is in. */
export const minuteOf = (at: Date): string =>
  new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS).toISOString();

/** The minute that `now` is in and those before it, `count` in all, oldest first. */
export const lastMinutes = (now: Date, count: number): string[] =>
  Array.from({ length: count }, (_, index) =>
    minuteOf(new Date(now.getTime() - (count - 1 - index) * MINUTE_MS)),
  );

/** The counts of some minutes, oldest first, with their sums by type. */
export const describeActivity = (minutes: readonly string[], counts: readonly ActivityCount[]): object => {
  const sorted = counts.toSorted((one, other) =>
    `${one.minute} ${one.type}`.localeCompare(`${other.minute} ${other.type}`),
  );
  const types = [...Map.groupBy(sorted, ({ type }) => type)].map(([type, some]) => [type, total(some)]);
  return {
    from: minutes.at(0),
    minutes: minutes.length,
    total: total(counts),
    types: Object.fromEntries(types),
    counts: sorted,
  };
};

const total = (counts: readonly ActivityCount[]): number => counts.reduce((sum, { count }) => sum + count, 0);
