import { bytesOf, codec, textOf } from './codec.ts';

/** Two characters that JSON may hold as they are and SQS refuses ("SendMessage": characters allowed in a message body). */
const refusedBySqs = /[\uFFFE\uFFFF]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16)}`;

/** The CloudEvent in structured JSON mode: what the example sends. */
export const json = codec(
  'application/cloudevents+json',
  (message) => bytesOf(JSON.stringify(message).replace(refusedBySqs, escaped)),
  (bytes) => JSON.parse(textOf(bytes)),
);
