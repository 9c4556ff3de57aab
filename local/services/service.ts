import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../errors.ts';
import type { Caller } from '../ports.ts';

/** What the gateway knows of a request before the service sees it. */
export interface Call {
  readonly requestId: string;
  readonly caller: Caller;
  /** Throws AwsError AccessDenied when the caller's role does not grant it: each protocol calls it once per operation and resource. */
  authorize(action: string, resourceArn: string): void;
}

/** One AWS service's wire protocol behind the shared endpoint. It answers every request, errors too, in its own shape. */
export interface Protocol {
  handle(request: IncomingMessage, response: ServerResponse, call: Call): Promise<void>;
}

/** Reads a whole body, and refuses one that is larger than `limitBytes` without keeping it. */
export const readBody = async (request: IncomingMessage, limitBytes: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  // By events: each request has a body, and an iterator over its stream costs more than many a service does with it.
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limitBytes) chunks.push(chunk);
  });
  await ended(request);
  if (size > limitBytes)
    throw new AwsError('RequestEntityTooLarge', `The body has ${size} bytes, ${limitBytes} are allowed`, 413);
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
};

/** @throws when the client is gone before it has said everything */
const ended = (request: IncomingMessage): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const closed = () => {
    if (!request.readableEnded) reject(new Error('The client went away within its request'));
  };
  if (request.destroyed) closed();
  request.once('end', resolve).once('error', reject).once('close', closed);
  return promise;
};
