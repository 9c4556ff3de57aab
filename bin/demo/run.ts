import { readFile, writeFile } from 'node:fs/promises';
import { App } from '../../scenarios/app/app.ts';
import { type Jobs, type Problem, RefusedError } from '../../scenarios/app/jobs.ts';
import type { Hop } from '../../scenarios/scenario.ts';
import { boot } from '../boot.ts';
import { withScratchDirectory } from '../scratch.ts';
import { declaredType, extensionOf } from './content-type.ts';

export interface DemoOptions {
  readonly image: string;
  /** JSON text: it goes to the service as it stands, which is who judges it. */
  readonly operations: string;
  readonly out?: string;
}

export interface DemoResult {
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly file: string;
}

export type Outcome =
  | {
      readonly status: 'succeeded';
      readonly jobId: string;
      readonly hops: readonly Hop[];
      readonly result: DemoResult;
      readonly readyMs: number;
      readonly totalMs: number;
    }
  | { readonly status: 'failed'; readonly error: Problem };

/** An end of the demo that is nobody's bug: it is told, with its problem. */
class FailedError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.title);
    this.problem = problem;
  }
}

const failed = (name: string, title: string, detail: string): FailedError =>
  new FailedError({ type: `urn:problem:serverless-ipc:${name}`, title, detail });

/** Boots a private local cloud on a free port, runs one image job, writes the result, and leaves nothing behind. */
export const runDemo = async (options: DemoOptions, watch: (line: string) => void): Promise<Outcome> => {
  const startedAt = performance.now();
  try {
    const image = await readImage(options.image);
    const operations = parseOperations(options.operations);
    return await withScratchDirectory(async (dataDir) => {
      const { outputs, endpoint, readyMs, running } = await boot({ port: 0, dataDir });
      const app = new App({ name: 'local', outputs, endpoint });
      try {
        watch(`ready in ${readyMs} ms`);
        const job = await runJob(app.jobs, image, operations, options, watch);
        return { status: 'succeeded', ...job, readyMs, totalMs: Math.round(performance.now() - startedAt) };
      } finally {
        app.close();
        await running.close();
      }
    });
  } catch (error) {
    if (error instanceof FailedError || error instanceof RefusedError)
      return { status: 'failed', error: error.problem };
    throw error;
  }
};

const readImage = async (file: string): Promise<Uint8Array<ArrayBuffer>> => {
  try {
    return new Uint8Array(await readFile(file));
  } catch (error) {
    throw failed(
      'unreadable-file',
      'The image cannot be read',
      error instanceof Error ? error.message : String(error),
    );
  }
};

const parseOperations = (json: string): unknown[] => {
  try {
    const operations: unknown = JSON.parse(json);
    if (Array.isArray(operations)) return operations;
  } catch {
    // Falls through: not JSON and not an array are the same mistake to whoever typed it.
  }
  throw failed(
    'invalid-operations',
    'The operations are not a JSON array',
    `--operations ${json.slice(0, 200)}`,
  );
};

const runJob = async (
  jobs: Jobs,
  image: Uint8Array<ArrayBuffer>,
  operations: readonly unknown[],
  options: DemoOptions,
  watch: (line: string) => void,
): Promise<{ jobId: string; hops: Hop[]; result: DemoResult }> => {
  const startedAt = Date.now();
  const hops: Hop[] = [];
  const hop = (name: string, at = Date.now()): void => {
    hops.push({ name, atMs: at - startedAt });
    watch(`  ${String(at - startedAt).padStart(6)} ms  ${name}`);
  };

  const contentType = declaredType(image, options.image);
  const job = await jobs.request({ contentType, contentLength: image.byteLength, operations });
  hop('accepted');
  const upload = await jobs.upload(job, image, contentType);
  if (!upload.ok) throw failed('upload-refused', 'S3 refused the upload', await upload.text());
  hop('uploaded');

  const ended = await jobs.waitFor(job.id);
  for (const { status, at } of ended.history.slice(1)) hop(status, Date.parse(at));
  if (ended.status !== 'succeeded' || !ended.result) {
    throw new FailedError(ended.error ?? { type: 'about:blank', title: `The job ended as ${ended.status}` });
  }

  const { body } = await jobs.result(job.id);
  hop('downloaded');
  const file = options.out ?? `result.${extensionOf(ended.result.contentType)}`;
  await writeFile(file, body).catch((error: unknown) => {
    throw failed(
      'unwritable-file',
      'The result cannot be written',
      error instanceof Error ? error.message : String(error),
    );
  });
  return { jobId: job.id, hops, result: { ...ended.result, bytes: body.byteLength, file } };
};
