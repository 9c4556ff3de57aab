import type { JobOutcome } from '../job-messages.ts';
import { bytesOf, type Codec, CodecError, textOf } from './codec.ts';
import { json } from './json.ts';
import { protobuf } from './protobuf.ts';
import { xml } from './xml.ts';

/** A message as a queue takes it: `contentType` goes beside the body, as the message attribute `contenttype`. */
export interface QueueBody {
  readonly contentType: string;
  readonly body: string;
}

export const codecs: readonly Codec[] = [json, xml, protobuf];

/**
 * The body of a queue is text, so bytes go as base64. They could go as a binary message attribute, a third smaller; but
 * a body there has to be all the same, and it is what redrives, filters, archives and people look at.
 */
export const toQueueBody = ({ contentType, encode }: Codec, message: JobOutcome): QueueBody => {
  const bytes = encode(message);
  const body = contentType === protobuf.contentType ? Buffer.from(bytes).toString('base64') : textOf(bytes);
  return { contentType, body };
};

/** @throws {CodecError} when nobody knows the content type, or its codec refuses the body */
export const fromQueueBody = ({ contentType, body }: QueueBody): JobOutcome => {
  const codec = codecs.find((one) => one.contentType === contentType);
  if (!codec) throw new CodecError(contentType, 'no codec is known for it');
  return codec.decode(codec === protobuf ? Buffer.from(body, 'base64') : bytesOf(body));
};
