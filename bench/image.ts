import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Trace } from '../local/trace.ts';
import { App } from '../scenarios/app/app.ts';
import { photograph } from '../scenarios/photograph.ts';
import { imageAssembly } from './assemblies.ts';
import { median, ms, type Row, timed } from './measure.ts';
import { startSharp } from './sharp-alone.ts';
import { withCloud } from './with.ts';

const ROUNDS = 11;
const WARM_UP = 8;
const BAR = 1.5;
/** `queued`, `processing`, `succeeded`. */
const MOVES = 3;

/** What the whole way of a 12-megapixel photograph costs on top of the work on its pixels. */
export const benchImage = async (dir: string): Promise<Row[]> => {
  const image = await photograph(4000, 3000);
  const file = join(dir, 'photograph.jpg');
  await writeFile(file, image);
  const { jobs, alone } = await withCloud(
    await imageAssembly(dir),
    async ({ endpoint, outputs, running }) => {
      const app = new App({ name: 'local', endpoint, outputs });
      const sharp = await startSharp(file);
      const samples = { jobs: [] as number[], alone: [] as number[] };
      try {
        for (let round = -WARM_UP; round < ROUNDS; round += 1) {
          const pixels = await timed(() => sharp.transform());
          const job = await uploadToSucceeded(app, image, running.cloud.trace);
          if (round < 0) continue;
          samples.jobs.push(job);
          samples.alone.push(pixels);
        }
      } finally {
        sharp.close();
        app.close();
      }
      return samples;
    },
  );

  const [ours, theirs] = [median(jobs), median(alone)];
  return [
    {
      what: 'upload -> job succeeded, 12 megapixels to 800 px webp',
      measured: ms(ours),
      against: `${ms(theirs)} sharp alone in a process: ${(ours / theirs).toFixed(2)}x`,
      bar: `<= ${BAR}x`,
      held: ours <= BAR * theirs,
    },
  ];
};

/** @returns ms from S3's answer to the upload until the API says that the job has succeeded. */
const uploadToSucceeded = async (
  { jobs }: App,
  image: Uint8Array<ArrayBuffer>,
  trace: Trace,
): Promise<number> => {
  const accepted = await jobs.request({
    contentType: 'image/jpeg',
    contentLength: image.byteLength,
    operations: [
      { op: 'resize', width: 800 },
      { op: 'format', format: 'webp', quality: 80 },
    ],
  });
  const moved = movedOn(trace, MOVES);
  const upload = await jobs.upload(accepted, image, 'image/jpeg');
  if (!upload.ok) throw new Error(`the upload was refused: HTTP ${upload.status}`);
  return timed(async () => {
    await moved;
    const { status } = await jobs.waitFor(accepted.id, { everyMs: 2 });
    if (status !== 'succeeded') throw new Error(`the job has ${status}`);
  });
};

/**
 * Resolves with the request that moves the stored job on for the last time. Nobody asks for the job before: on a small
 * machine each question costs the worker time.
 */
const movedOn = (trace: Trace, times: number): Promise<void> =>
  new Promise((resolve) => {
    let left = times;
    const end = trace.watch(({ action, resource }) => {
      if (action !== 'UpdateItem' || !resource.includes(':table/Storage')) return;
      left -= 1;
      if (left > 0) return;
      end();
      resolve();
    });
  });
