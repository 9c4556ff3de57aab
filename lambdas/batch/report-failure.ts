/** Told of every record that failed, so that no failure is silent: `record` is its id within the source. */
export type ReportFailure = (error: unknown, record: string) => void;
