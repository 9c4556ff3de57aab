import type { JobChanged } from '../messages/job-messages.ts';

/** A connection that watches a job, and how far it has been told: everything up to the change `seq`. */
export interface Watcher {
  readonly connectionId: string;
  readonly seq: number;
}

/** Who watches what. A record ends by itself, as not every connection says that it ends. */
export interface Watchers {
  /** Begins with nothing told. A connection that watches the job already keeps its place. */
  add(jobId: string, connectionId: string): Promise<void>;
  /** Sees every watcher whose `add` was acknowledged before. */
  of(jobId: string): Promise<readonly Watcher[]>;
  /** Keeps that `seq` was told, unless the watcher has gone or knows more already: then it says `false`. */
  told(jobId: string, connectionId: string, seq: number): Promise<boolean>;
  remove(jobId: string, connectionId: string): Promise<void>;
  /** Forgets a connection, whatever it has watched. */
  removeConnection(connectionId: string): Promise<void>;
}

/** Speaks to clients that are connected. */
export interface Connections {
  /** `gone`: there is no such connection any more. */
  post(connectionId: string, text: string): Promise<'posted' | 'gone'>;
}

/** Where a job's events are sent, what they are signed with, and how far its receiver has taken them. */
export interface JobWebhook {
  readonly jobId: string;
  readonly url: string;
  /** `whsec_` and a key in base64; never logged, and told once. */
  readonly secret: string;
  readonly seq: number;
  /** The event after whose last attempt the receiver was given up: no other is sent until that one is redriven. */
  readonly givenUpAt?: string | undefined;
}

export interface JobWebhooks {
  add(webhook: JobWebhook): Promise<void>;
  find(jobId: string): Promise<JobWebhook | undefined>;
  /** Keeps that `seq` was delivered, unless more was, or the webhook is gone; a receiver that takes events is not given up. */
  delivered(jobId: string, seq: number): Promise<void>;
  /** Keeps with which event the receiver was given up, unless the webhook is gone. */
  giveUp(jobId: string, eventId: string): Promise<void>;
  remove(jobId: string): Promise<void>;
}

/** Gives the change of a job to whoever sends webhooks, in order per job. */
export interface JobWebhookQueue {
  send(message: JobChanged): Promise<void>;
}

/** Hides the message that is being handled, so that it comes again when it is time. */
export interface Retries {
  /** @param receiptHandle tells the delivery */
  hide(receiptHandle: string, seconds: number): Promise<void>;
}
