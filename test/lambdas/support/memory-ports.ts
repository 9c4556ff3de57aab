import { advance, type Job, type JobEvent } from '../../../lambdas/domain/job.ts';
import type { JobStore, Moved, Results, Uploads } from '../../../lambdas/domain/ports.ts';
import { uploadMissing } from '../../../lambdas/domain/problem.ts';
import type { JobWebhook, JobWebhooks } from '../../../lambdas/domain/push-ports.ts';

/** A store that behaves as its contract says. */
export class MemoryJobs implements JobStore {
  readonly stored = new Map<string, Job>();

  constructor(...jobs: Job[]) {
    for (const job of jobs) this.stored.set(job.id, job);
  }

  async add(job: Job): Promise<void> {
    if (this.stored.has(job.id)) throw new Error(`${job.id} is taken`);
    this.stored.set(job.id, job);
  }

  async find(id: string): Promise<Job | undefined> {
    return this.stored.get(id);
  }

  async move(id: string, event: JobEvent): Promise<Moved | undefined> {
    const job = this.stored.get(id);
    const advanced = job && advance(job, event);
    if (advanced) this.stored.set(id, advanced);
    return job && { job: advanced ?? job, changed: advanced !== undefined };
  }

  async list(owner: string): Promise<{ jobs: Job[] }> {
    return { jobs: [...this.stored.values()].filter((job) => job.owner === owner) };
  }

  get(id: string): Job {
    const job = this.stored.get(id);
    if (!job) throw new Error(`${id} is not stored`);
    return job;
  }
}

export class MemoryJobWebhooks implements JobWebhooks {
  readonly stored = new Map<string, JobWebhook>();

  async add(webhook: JobWebhook): Promise<void> {
    this.stored.set(webhook.jobId, webhook);
  }

  async find(jobId: string): Promise<JobWebhook | undefined> {
    return this.stored.get(jobId);
  }

  async delivered(jobId: string, seq: number): Promise<void> {
    const webhook = this.stored.get(jobId);
    if (webhook && webhook.seq < seq) this.stored.set(jobId, { ...webhook, seq, givenUpAt: undefined });
  }

  async giveUp(jobId: string, eventId: string): Promise<void> {
    const webhook = this.stored.get(jobId);
    if (webhook) this.stored.set(jobId, { ...webhook, givenUpAt: eventId });
  }

  async remove(jobId: string): Promise<void> {
    this.stored.delete(jobId);
  }
}

export const memoryUploads = (objects: Record<string, Uint8Array>): Uploads => ({
  read: async (key) => {
    const bytes = objects[key];
    if (!bytes) throw uploadMissing('It is not there.');
    return bytes;
  },
});

export class MemoryResults implements Results {
  readonly stored = new Map<string, Uint8Array>();
  writes = 0;

  async write(key: string, bytes: Uint8Array): Promise<void> {
    this.writes += 1;
    this.stored.set(key, bytes);
  }
}

/** Keeps what was sent, in order. */
export class Outbox<Message> {
  readonly sent: Message[] = [];
  /** Runs before a message is kept: throws to refuse it. */
  beforeSend: () => void = () => {};

  send = async (message: Message): Promise<void> => {
    this.beforeSend();
    this.sent.push(message);
  };

  publish = this.send;
}
