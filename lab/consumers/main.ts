/** A consumer of the lab: a process of its own, that can be killed. Its order comes as its only argument. */
import { setTimeout as pause } from 'node:timers/promises';
import { formats, fromText } from '../formats/index.ts';
import { type LabMessage, nowMs } from '../message.ts';
import { type Body, Order, type Report, type Work } from './protocol.ts';

const { source, run, format: formatName, workMs, holdFrom } = Order.parse(JSON.parse(process.argv[2] ?? ''));
const format = formats[formatName];
const stopping = new AbortController();
process.on('message', () => stopping.abort());
// It lives as long as the lab does: Ctrl-C is for the lab, which then ends it.
const abandoned = (): never => process.exit(1);
process.on('disconnect', abandoned);
process.on('SIGINT', () => undefined);

const tell = (report: Report): void => {
  if (process.connected) process.send?.(report);
};

/** Another run may have left messages behind, and in another format. */
const ownMessage = (body: Body): LabMessage | undefined => {
  try {
    const message = format.decode(typeof body === 'string' ? fromText(format, body) : body);
    return message.run === run ? message : undefined;
  } catch {
    return undefined;
  }
};

let count = 0;
const work: Work = async (body, redelivered) => {
  const message = ownMessage(body);
  if (!message) return 'done';
  count += 1;
  const { producer, key, seq, intendedAt } = message;
  const held = holdFrom !== undefined && count >= holdFrom;
  tell({ kind: 'received', producer, key, seq, intendedAt, at: nowMs(), redelivered, held });
  if (held) return 'hold';
  if (workMs > 0) await pause(workMs);
  return 'done';
};

try {
  // Only the client that is needed is loaded: it is most of the time that a process takes to start.
  if (source.kind === 'queue') {
    const { consumeQueue } = await import('./queue.ts');
    await consumeQueue(source, work, tell, stopping.signal);
  } else if (source.kind === 'stream') {
    const { consumeStream } = await import('./stream.ts');
    await consumeStream(source, work, tell, stopping.signal);
  } else {
    const { consumeLog } = await import('./log.ts');
    await consumeLog(source, work, tell, stopping.signal);
  }
  process.off('disconnect', abandoned).disconnect();
} catch (error) {
  tell({
    kind: 'failed',
    reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  });
  process.exitCode = 1;
}
