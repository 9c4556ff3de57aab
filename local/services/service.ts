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
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= limitBytes) chunks.push(chunk);
  }
  if (size > limitBytes)
    throw new AwsError('RequestEntityTooLarge', `The body has ${size} bytes, ${limitBytes} are allowed`, 413);
  return Buffer.concat(chunks);
};
