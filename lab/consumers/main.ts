/** A consumer of the lab: a process of its own, that can be killed. Its order comes as its only argument. */
import { setTimeout as pause } from 'node:timers/promises';
import { nowMs } from '../message.ts';
import { Order, type Report, type Work } from './protocol.ts';
import { consumeQueue } from './queue.ts';
import { consumeStream } from './stream.ts';

const { source, workMs, holdFrom } = Order.parse(JSON.parse(process.argv[2] ?? ''));
const stopping = new AbortController();
process.on('message', () => stopping.abort());
process.on('disconnect', () => process.exit(1));

const tell = (report: Report): void => {
  process.send?.(report);
};

let count = 0;
const work: Work = async (body, redelivered) => {
  count += 1;
  tell({ kind: 'received', body, at: nowMs(), redelivered });
  if (holdFrom !== undefined && count >= holdFrom) return 'hold';
  if (workMs > 0) await pause(workMs);
  return 'done';
};

try {
  if (source.kind === 'queue') await consumeQueue(source, work, tell, stopping.signal);
  else if (source.kind === 'stream') await consumeStream(source, work, tell, stopping.signal);
  else {
    // Its client is loaded only where there is a broker for it.
    const { consumeLog } = await import('./log.ts');
    await consumeLog(source, work, tell, stopping.signal);
  }
  process.disconnect();
} catch (error) {
  tell({
    kind: 'failed',
    reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  });
  process.exitCode = 1;
}
