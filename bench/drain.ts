import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { LocalApp } from '../bin/boot.ts';
import { App } from '../scenarios/app/app.ts';
import { RefusedError } from '../scenarios/app/jobs.ts';
import { findOutput } from '../scenarios/app/outputs.ts';
import { photograph } from '../scenarios/photograph.ts';
import { imageAssembly } from './assemblies.ts';
import { ms, type Row } from './measure.ts';
import { withCloud } from './with.ts';

const JOBS = 500;
const WARM_UP = 200;
const HUNDRED = 100;
const CLIENTS = 4;
const BAR = 1.1;
const PATIENCE_MS = 180_000;

/** Whether a deep queue slows its consumers: 500 jobs pile up, then the workers are let loose. */
export const benchDrain = async (dir: string): Promise<Row[]> =>
  withCloud(await imageAssembly(dir), async (local) => {
    const app = new App({ name: 'local', endpoint: local.endpoint, outputs: local.outputs });
    try {
      await drain(app, local, WARM_UP);
      const ends = await drain(app, local, JOBS);
      const first = perJob(ends.slice(0, HUNDRED));
      const last = perJob(ends.slice(-HUNDRED));
      return [
        {
          what: `${JOBS} small jobs drained, per job of the last hundred`,
          measured: ms(last),
          against: `${ms(first)} per job of the first hundred: ${(last / first).toFixed(2)}x`,
          bar: `<= ${BAR}x`,
          held: last <= BAR * first,
        },
      ];
    } finally {
      app.close();
    }
  });

/** Ms from one end to the next: with several workers it is less than what a job takes. */
const perJob = (ends: readonly number[]): number => {
  const [first, last] = [ends[0], ends.at(-1)];
  if (first === undefined || last === undefined || ends.length < 2)
    throw new Error('too few jobs have ended');
  return (last - first) / (ends.length - 1);
};

/** @returns when each of the jobs succeeded, in ms since the epoch, in order. */
const drain = async (app: App, local: LocalApp, count: number): Promise<number[]> => {
  const setWorkers = workersOf(local);
  setWorkers(false);
  const ids = await pileUp(app, count);
  const queue = app.output('JobsQueueUrl');
  await until(async () => (await app.depth(queue)).waiting === count, 'every job waits in the queue');
  setWorkers(true);
  await until(async () => {
    const { waiting, inFlight } = await app.depth(queue);
    return waiting + inFlight === 0;
  }, 'the queue is empty');
  let ends: number[] = [];
  await until(async () => {
    ends = await succeededAt(app, ids);
    return ends.length === count;
  }, 'every job has succeeded');
  return ends;
};

/** Stops and starts the consumers of the jobs. */
const workersOf = ({ running: { cloud }, outputs }: LocalApp): ((enabled: boolean) => void) => {
  const name = findOutput(outputs, 'ProcessImageFunctionName');
  const mapping = cloud.lambda.eventSourceMappings
    .list({})
    .find(({ FunctionArn: arn }) => arn.endsWith(`:${name}`));
  if (!mapping) throw new Error('nothing consumes the jobs');
  return (enabled) => cloud.lambda.eventSourceMappings.update(mapping.UUID, { settings: {}, enabled });
};

/** Requests and uploads, with a few clients at once. */
const pileUp = async ({ jobs }: App, count: number): Promise<Set<string>> => {
  const image = await photograph(64, 48);
  const ids = new Set<string>();
  let left = count;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const accepted = await unthrottled(() =>
        jobs.request({
          contentType: 'image/jpeg',
          contentLength: image.byteLength,
          operations: [{ op: 'resize', width: 32 }],
        }),
      );
      const upload = await jobs.upload(accepted, image, 'image/jpeg');
      if (!upload.ok) throw new Error(`the upload was refused: HTTP ${upload.status}`);
      ids.add(accepted.id);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return ids;
};

/** The API throttles its callers; a polite one waits and asks again. */
const unthrottled = async <T>(request: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof RefusedError && error.status === 429)) throw error;
      await pause(100);
    }
  }
};

const Page = z.object({
  jobs: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      history: z.array(z.object({ status: z.string(), at: z.iso.datetime() })),
    }),
  ),
  cursor: z.string().optional(),
});

/** Reads the times out of the jobs' own histories, which say when the work was done. */
const succeededAt = async ({ jobs }: App, ids: ReadonlySet<string>): Promise<number[]> => {
  const ends: number[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ limit: '100', ...(cursor !== undefined && { cursor }) });
    const page = Page.parse(await (await jobs.fetch(`/v1/jobs?${query}`)).json());
    for (const { id, status, history } of page.jobs) {
      if (!ids.has(id)) continue;
      if (status === 'failed') throw new Error(`Job ${id} failed`);
      const end = history.find((step) => step.status === 'succeeded');
      if (end) ends.push(Date.parse(end.at));
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return ends.sort((a, b) => a - b);
};

const until = async (holds: () => Promise<boolean>, what: string): Promise<void> => {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`it took too long until ${what}`);
    await pause(200);
  }
};
