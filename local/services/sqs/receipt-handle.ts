import { SqsError } from './errors.ts';

/** Which receive of which message: the n-th delivery of message `id` of queue number `queue`. */
export interface Receipt {
  readonly queue: number;
  readonly messageId: string;
  readonly receive: number;
}

export const encodeReceipt = ({ queue, messageId, receive }: Receipt): string =>
  Buffer.from(`${queue} ${receive} ${messageId}`, 'latin1').toString('base64');

const layout = /^(\d+) (\d+) ([0-9a-f-]{36})$/;

/** @throws ReceiptHandleIsInvalid for what this queue never gave out. */
export const decodeReceipt = (handle: string, queue: number): Receipt => {
  const [, ofQueue, receive, messageId] = layout.exec(Buffer.from(handle, 'base64').toString('latin1')) ?? [];
  if (Number(ofQueue) !== queue || !messageId)
    throw new SqsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  return { queue, messageId, receive: Number(receive) };
};
