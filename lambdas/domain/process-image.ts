import type { JobRequested } from '../messages/job-messages.ts';
import type { JobProblem, JobResult } from '../messages/job-outcome.ts';
import { applyEvent } from './apply-event.ts';
import { isWorkable } from './job.ts';
import { resultKey } from './keys.ts';
import { causedBy, jobChanged, jobFailed, jobSucceeded } from './messages.ts';
import type { Clock, ImageTransformer, JobChanges, JobStore, Publisher, Results, Uploads } from './ports.ts';
import { ProblemError } from './problem.ts';

export interface ProcessImagePorts {
  readonly jobs: JobStore;
  readonly uploads: Uploads;
  readonly results: Results;
  readonly images: ImageTransformer;
  readonly publisher: Publisher;
  readonly changes: JobChanges;
  readonly clock: Clock;
}

/**
 * Does the work of one message, and tells the outcome. Safe to repeat: the result has one key, the outcome one id, and a
 * job that has ended is left alone. A message that is delivered twice at once is worked on twice: to skip one of the two
 * could lose the job if the other worker dies.
 *
 * An image that cannot be processed is an outcome like any other; whatever else goes wrong is thrown, and the queue
 * delivers the message again.
 */
export const processImage = async (
  request: JobRequested,
  attempt: number,
  ports: ProcessImagePorts,
): Promise<'succeeded' | 'failed' | 'skipped'> => {
  const { jobs, uploads, publisher, changes, clock } = ports;
  const { jobId, uploadKey, contentLength } = request.data;
  const at = clock.now().toISOString();
  // Read while the job is claimed: nearly every message is about a job that is to be worked on.
  const upload = uploads.read(uploadKey, contentLength);
  upload.catch(() => undefined);
  const { job } = await applyEvent(jobs, jobId, { status: 'processing', attempt, at });
  if (job.status === 'awaiting_upload') throw new Error(`Job ${jobId} is asked for before its upload`);
  const told = changes.send(jobChanged(job));
  if (!isWorkable(job)) {
    await told;
    return 'skipped';
  }

  // The watchers are told meanwhile: the image need not wait for it.
  const [outcome] = await Promise.all([work(request, upload, ports), told]);
  if ('error' in outcome) {
    await publisher.publish(jobFailed(jobId, outcome.error, causedBy(request), clock));
    return 'failed';
  }
  await publisher.publish(jobSucceeded(jobId, outcome.result, causedBy(request), clock));
  return 'succeeded';
};

type Outcome = { readonly result: JobResult } | { readonly error: JobProblem };

const work = async (
  { data }: JobRequested,
  upload: Promise<Uint8Array>,
  { results, images }: ProcessImagePorts,
): Promise<Outcome> => {
  try {
    const { data: bytes, ...image } = await images.transform(await upload, data.operations);
    await results.write(resultKey(data.jobId), bytes, image.contentType);
    return { result: { ...image, bytes: bytes.byteLength } };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { type, title, detail } = error.problem;
    return { error: { type, title, detail } };
  }
};
