import { idOf } from '../message.ts';
import type { Run } from './run.ts';
import { type Send, Session } from './session.ts';

/** Whatever came of the first time. */
const sendTwice: Send = async (producer, message) => {
  const deduplicationId = `${message.run}/${idOf(message)}`;
  const first = await producer.send(message, { deduplicationId });
  await producer.send(message, { deduplicationId });
  return first;
};

/** A producer that did not hear the acknowledgement sends again, with the same deduplication id. */
export const retry: Run = (context) =>
  Session.with(context, ['a'], async (session) => {
    await session.consume();
    await session.send(undefined, { send: sendTwice });
    await session.drained();
    await session.settle();
    const { duplicates, delivered } = session.findings();
    const seen = `each of ${delivered} sent twice: ${duplicates.length} were delivered twice`;
    return [session.result('retry', seen)];
  });
