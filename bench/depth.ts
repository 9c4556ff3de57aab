import { join } from 'node:path';
import { z } from 'zod';
import { forkScript, inTurn } from './load/load.ts';
import { perSecond, type Row } from './measure.ts';

const SHALLOW = 1000;
const DEEP = 1_000_000;
const SLICES = { slices: 11, sliceMs: 1000, warmUp: 3 };
const BAR = 1.15;
const BAR_BYTES = 1024;

const Filled = z.object({ endpoint: z.url(), bytesPerMessage: z.number() });

/** What a deep queue costs: in time beside a shallow one of the same cloud, and in memory. */
export const benchDepth = async (dir: string): Promise<Row[]> => {
  const server = await forkScript('depth-process.ts', join(dir, 'depth'), String(SHALLOW), String(DEEP));
  const { endpoint, bytesPerMessage } = Filled.parse(server.ready);
  const loads = await Promise.all(
    ['shallow', 'deep'].map((queue) => forkScript('sqs-lean-load.ts', endpoint, queue)),
  );
  try {
    const [shallow = 0, deep = 0] = await inTurn(loads, SLICES);
    return [
      {
        what: `SQS full cycles on a queue of ${DEEP} messages`,
        measured: perSecond(deep),
        against: `${perSecond(shallow)} with ${SHALLOW}: costs ${(shallow / deep).toFixed(2)}x`,
        bar: `<= ${BAR}x`,
        held: shallow <= BAR * deep,
      },
      {
        what: 'memory of a waiting message, beside its body',
        measured: `${Math.round(bytesPerMessage)} bytes`,
        against: '',
        bar: `<= ${BAR_BYTES} bytes`,
        held: bytesPerMessage <= BAR_BYTES,
      },
    ];
  } finally {
    await Promise.all([...loads, server].map((one) => one.close()));
  }
};
