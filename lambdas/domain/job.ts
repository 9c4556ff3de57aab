import type { Trace } from '../messages/cloud-event.ts';
import type { JobProblem, JobResult } from '../messages/job-outcome.ts';
import type { ImageContentType } from '../messages/job-request.ts';
import { JOB_STATUSES, type JobStatus } from '../messages/job-status.ts';
import type { Operation } from '../messages/operations.ts';

/** One image job. Times are ISO 8601 with milliseconds. */
export interface Job {
  readonly id: string;
  readonly owner: string;
  readonly status: JobStatus;
  /** How many times a worker has taken the job's message; 0 before the first. */
  readonly attempt: number;
  /** Grows by one with every change, as the history does: the change `seq` is entry `seq - 1` of the history. */
  readonly seq: number;
  readonly createdAt: string;
  readonly contentType: ImageContentType;
  /** The most bytes that may be uploaded. */
  readonly contentLength: number;
  readonly operations: readonly Operation[];
  readonly history: readonly HistoryEntry[];
  readonly error?: JobProblem | undefined;
  readonly result?: JobResult | undefined;
  /** Who else is told of every change. The secret that its events are signed with is kept apart. */
  readonly webhook?: { readonly url: string } | undefined;
  /** Kept with the job, because an S3 notification carries no context of the request. */
  readonly trace: Trace;
}

export interface HistoryEntry {
  readonly status: JobStatus;
  readonly at: string;
}

/** Something that happened to a job, and with it what has become known. */
export type JobEvent = { readonly at: string } & (
  | { readonly status: 'queued' | 'canceled' | 'expired' }
  | { readonly status: 'processing'; readonly attempt: number }
  | { readonly status: 'succeeded'; readonly result: JobResult }
  | { readonly status: 'failed'; readonly error: JobProblem }
);

/**
 * Which states a job may go to from each state. Anything else is a late or repeated message, and is ignored.
 * From `queued` straight to an end: the outcome can overtake the start, as nothing orders the two.
 */
const next: Record<JobStatus, readonly JobStatus[]> = {
  awaiting_upload: ['queued', 'canceled', 'expired'],
  queued: ['processing', 'succeeded', 'failed', 'canceled'],
  processing: ['processing', 'succeeded', 'failed', 'canceled'],
  succeeded: [],
  failed: [],
  canceled: [],
  expired: [],
};

/** A job that failed for no fault of its input: the only end that a redrive opens again. */
const afterRedrive: readonly JobStatus[] = ['processing', 'succeeded'];

/** The job after the event, or `undefined` when the event is late or repeated and changes nothing. */
export const advance = (job: Job, event: JobEvent): Job | undefined => {
  if (!allowed(job).includes(event.status) || isRepeatedStart(job, event)) return undefined;
  const { at, ...known } = event;
  return {
    ...withoutOutcome(job),
    ...known,
    seq: job.seq + 1,
    history: [...job.history, { status: event.status, at }],
  };
};

/** Which stored jobs an event changes: the rule of `advance` as data, for a store that checks it in one step with the write. */
export interface Precondition {
  readonly statuses: readonly JobStatus[];
  /** Where the job is `processing`, its own attempt has to be lower than this. */
  readonly attemptBelow?: number;
  /** Whether a job that failed in a way that may be run again is changed too. */
  readonly reopens: boolean;
}

export const preconditionOf = (event: JobEvent): Precondition => ({
  statuses: JOB_STATUSES.filter((status) => next[status].includes(event.status)),
  ...(event.status === 'processing' && { attemptBelow: event.attempt }),
  reopens: afterRedrive.includes(event.status),
});

/** Whether nothing more will happen to the job; a redrive by an operator aside. */
export const hasEnded = (job: Job): boolean => next[job.status].length === 0;

/** Whether a worker that holds the job's message should do the work. */
export const isWorkable = (job: Job): boolean => allowed(job).includes('processing');

const allowed = (job: Job): readonly JobStatus[] =>
  job.status === 'failed' && job.error?.retryable ? afterRedrive : next[job.status];

/** The same delivery seen twice, or an earlier one seen late: the work goes on, the job stays as it is. */
const isRepeatedStart = (job: Job, event: JobEvent): boolean =>
  job.status === 'processing' && event.status === 'processing' && event.attempt <= job.attempt;

const withoutOutcome = ({ error: _error, ...job }: Job): Job => job;
