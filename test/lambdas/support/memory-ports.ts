import type { Job } from '../../../lambdas/domain/job.ts';
import type { JobStore, Results, Uploads } from '../../../lambdas/domain/ports.ts';
import { uploadMissing } from '../../../lambdas/domain/problem.ts';

/** A store that behaves as its contract says, and can be made to lose a race. */
export class MemoryJobs implements JobStore {
  readonly stored = new Map<string, Job>();
  /** Runs between a read and the write that follows it: another writer. */
  beforeReplace: () => void = () => {};

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

  async replace(job: Job): Promise<boolean> {
    this.beforeReplace();
    if (this.stored.get(job.id)?.seq !== job.seq - 1) return false;
    this.stored.set(job.id, job);
    return true;
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
