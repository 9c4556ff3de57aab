import type { JobDeadline, JobNews, JobOutcome, JobRequested } from '../messages/job-messages.ts';
import type { JobResult } from '../messages/job-outcome.ts';
import type { ImageContentType } from '../messages/job-request.ts';
import type { Operation } from '../messages/operations.ts';
import type { Job, JobEvent } from './job.ts';

/** What the time is. */
export interface Clock {
  now(): Date;
}

/** One page of an owner's jobs, newest first; `cursor` is there when more follow, and is opaque to the reader. */
export interface JobPage {
  readonly jobs: readonly Job[];
  readonly cursor?: string | undefined;
}

/** A job as it is after an event, and whether the event changed it. */
export interface Moved {
  readonly job: Job;
  readonly changed: boolean;
}

/** Where jobs are kept. Reads see every write that was acknowledged before; `list` may lag behind. */
export interface JobStore {
  /** Keeps a new job. Rejects when the id is taken. */
  add(job: Job): Promise<void>;
  find(id: string): Promise<Job | undefined>;
  /** Changes the job as `advance` says, in one step with the check: no other writer comes in between. `undefined`: no such job. */
  move(id: string, event: JobEvent): Promise<Moved | undefined>;
  /** @throws {ProblemError} `invalid-request` when the cursor was not made for this owner */
  list(owner: string, page: { limit: number; cursor?: string | undefined }): Promise<JobPage>;
}

/** What a client needs to upload: the form of an S3 presigned POST. Whoever holds it may upload; it is never logged. */
export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface UploadForms {
  /** A form for one upload of at most `maxBytes`, of exactly this content type, under exactly this key. */
  form(upload: { key: string; contentType: ImageContentType; maxBytes: number }): Promise<UploadForm>;
}

export interface Uploads {
  /** @throws {ProblemError} `upload-missing`, or `upload-too-large` when there are more than `maxBytes` */
  read(key: string, maxBytes: number): Promise<Uint8Array>;
}

export interface Results {
  /** Writing again under the same key replaces: a repeated job leaves one result. */
  write(key: string, bytes: Uint8Array, contentType: string): Promise<void>;
}

export interface ResultLinks {
  exists(key: string): Promise<boolean>;
  /** A link that lets whoever holds it read for a few minutes; it is never logged. */
  link(key: string): Promise<string>;
}

/** Gives work to exactly one of many workers. */
export interface JobQueue {
  send(message: JobRequested): Promise<void>;
}

/** Gives a message back when its time has come. */
export interface Deadlines {
  send(message: JobDeadline, delaySeconds: number): Promise<void>;
}

/** Tells everyone who subscribes. */
export interface Publisher {
  publish(message: JobOutcome): Promise<void>;
}

/**
 * Tells the watchers of a job that it has changed, in order per job.
 *
 * A crash between the write of a change and this call must not hide the change. Hence whoever moves a job sends the state
 * that it finds even if it has changed nothing: when its message is delivered again, that state is told after all. Sent
 * twice, it is one message (`jobId:seq` is the deduplication id), and whoever has seen it is not told again. Nor does a
 * message that is lost leave a gap: the pusher tells everything in the job's history that a watcher has not seen.
 */
export interface JobChanges {
  send(message: JobNews): Promise<void>;
}

/** The end of the line: messages wait here for a person, each with the cause. */
export interface DeadLetters {
  forward(body: string, cause: Readonly<Record<string, string>>): Promise<void>;
}

/** Keeps one copy of each event; the same id again replaces it. */
export interface AuditLog {
  write(id: string, time: string, event: string): Promise<void>;
}

export interface TransformedImage extends Omit<JobResult, 'bytes'> {
  readonly data: Uint8Array;
}

export interface ImageTransformer {
  /** @throws {ProblemError} when the input or what is asked of it is to blame */
  transform(input: Uint8Array, operations: readonly Operation[]): Promise<TransformedImage>;
}
