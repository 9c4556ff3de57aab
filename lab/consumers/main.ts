/** A consumer of the lab: a process of its own, that can be killed. Its order comes as its only argument. */
import { flushCompileCache } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { formats, fromText } from '../formats/index.ts';
import { type LabMessage, nowMs } from '../message.ts';
import { reasonOf } from '../reason.ts';
import { type Body, Command, type Consuming, Order, type Report, type Work } from './protocol.ts';

const order = Order.parse(JSON.parse(process.argv[2] ?? ''));
const { source, run, workMs, holdFrom } = order;
const format = formats[order.format];
const stopping = new AbortController();
const begun = Promise.withResolvers<void>();
if (!order.waits) begun.resolve();
process.on('message', (said) => {
  if (Command.parse(said) === 'stop') stopping.abort();
  begun.resolve();
});
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

/** Only the client that is needed is loaded: it is most of the time that a process takes to start. */
const consume = async (consuming: Consuming): Promise<void> => {
  if (source.kind === 'queue') return (await import('./queue.ts')).consumeQueue(source, consuming);
  if (source.kind === 'stream') return (await import('./stream.ts')).consumeStream(source, consuming);
  return (await import('./log.ts')).consumeLog(source, consuming);
};

const tellWhenReady = (report: Report): void => {
  // The next consumer starts in half the time. One that is killed has no other moment to write it down.
  if (report.kind === 'ready') flushCompileCache();
  tell(report);
};

try {
  await consume({ work, tell: tellWhenReady, begun: begun.promise, stopping: stopping.signal });
  process.off('disconnect', abandoned).disconnect();
} catch (error) {
  tell({ kind: 'failed', reason: reasonOf(error) });
  process.exitCode = 1;
}
