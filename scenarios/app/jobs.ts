import { z } from 'zod';
import { patiently } from './patiently.ts';

const Problem = z.object({ type: z.string(), title: z.string(), detail: z.string().optional() });
export type Problem = z.infer<typeof Problem>;

const Job = z.object({
  id: z.string(),
  status: z.string(),
  attempt: z.number(),
  seq: z.number(),
  history: z.array(z.object({ status: z.string(), at: z.iso.datetime() })),
  error: Problem.optional(),
  result: z
    .object({ contentType: z.string(), width: z.number(), height: z.number(), bytes: z.number() })
    .optional(),
});
export type Job = z.infer<typeof Job>;

const Accepted = Job.extend({
  upload: z.object({ url: z.url(), fields: z.record(z.string(), z.string()) }),
  webhook: z.object({ url: z.string(), secret: z.string().startsWith('whsec_') }).optional(),
});
export type Accepted = z.infer<typeof Accepted>;

export interface JobInput {
  readonly contentType: string;
  readonly contentLength: number;
  readonly operations: readonly unknown[];
  /** Where the events of the job are to be sent. */
  readonly webhook?: { readonly url: string };
}

/** A request that the service refused, with the problem that it answered. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(`${status} ${problem.title}${problem.detail ? `: ${problem.detail}` : ''}`);
    this.status = status;
    this.problem = problem;
  }
}

export const ENDED: readonly string[] = ['succeeded', 'failed', 'canceled', 'expired'];

/** The image service as its client sees it: REST and an upload form. */
export class Jobs {
  /** The ids of the jobs that were accepted. */
  readonly requested: string[] = [];
  readonly #base: string;

  constructor(apiUrl: string) {
    this.#base = apiUrl.replace(/\/$/, '');
  }

  /** The raw answer, for scenarios that look at statuses and headers. */
  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.#base}${path}`, { redirect: 'manual', ...init });
  }

  async request(input: JobInput): Promise<Accepted> {
    const response = await this.#patiently('/v1/jobs', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    if (response.status !== 202) throw await refused(response);
    const accepted = Accepted.parse(await response.json());
    this.requested.push(accepted.id);
    return accepted;
  }

  /** Posts the file with the form that the service gave; S3 answers. */
  async upload({ upload }: Accepted, image: Uint8Array<ArrayBuffer>, contentType: string): Promise<Response> {
    const form = new FormData();
    for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
    form.append('file', new Blob([image], { type: contentType }), 'image');
    return fetch(upload.url, { method: 'POST', body: form });
  }

  async get(id: string): Promise<Job> {
    const response = await this.#patiently(`/v1/jobs/${id}`);
    if (response.status !== 200) throw await refused(response);
    return Job.parse(await response.json());
  }

  /** Polls until the job has come to an end. */
  async waitFor(id: string, { timeoutMs = 60_000, everyMs = 10 } = {}): Promise<Job> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const job = await this.get(id);
      if (ENDED.includes(job.status)) return job;
      if (Date.now() > deadline) throw new Error(`Job ${id} is still ${job.status} after ${timeoutMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  /** Follows the 303 to the signed URL and downloads the result. */
  async result(id: string): Promise<{ contentType: string; body: Uint8Array<ArrayBuffer> }> {
    const response = await this.#patiently(`/v1/jobs/${id}/result`);
    const location = response.headers.get('location');
    if (response.status !== 303 || location === null) throw await refused(response);
    const download = await fetch(location);
    if (!download.ok)
      throw new Error(`The result of job ${id} could not be downloaded: HTTP ${download.status}`);
    const body = new Uint8Array(await download.arrayBuffer());
    return { contentType: download.headers.get('content-type') ?? 'application/octet-stream', body };
  }

  #patiently(path: string, init?: RequestInit): Promise<Response> {
    return patiently(() => this.fetch(path, init));
  }
}

const refused = async (response: Response): Promise<RefusedError> => {
  const text = await response.text();
  const problem = Problem.safeParse(safeJson(text));
  return new RefusedError(
    response.status,
    problem.success
      ? problem.data
      : { type: 'about:blank', title: `HTTP ${response.status}`, detail: text.slice(0, 200) },
  );
};

const safeJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
