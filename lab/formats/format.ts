import { LabMessage } from '../message.ts';

export const formatNames = ['json', 'xml', 'protobuf'] as const;
export type FormatName = (typeof formatNames)[number];

/** One way to write the lab's message down. */
export interface Format {
  readonly name: FormatName;
  /** Whether what it writes is UTF-8 text. */
  readonly text: boolean;
  encode(message: LabMessage): Uint8Array;
  /** @throws Error when the bytes are no message of the lab's in this format */
  decode(bytes: Uint8Array): LabMessage;
}

/** Makes a format of what is particular to it; that it is a message of the lab's is checked here, for all alike. */
export const format = (
  name: FormatName,
  text: boolean,
  encode: (message: LabMessage) => Uint8Array,
  read: (bytes: Uint8Array) => unknown,
): Format => ({ name, text, encode, decode: (bytes) => LabMessage.parse(read(bytes)) });
