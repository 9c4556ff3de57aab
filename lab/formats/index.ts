import type { Format, FormatName } from './format.ts';
import { json } from './json.ts';
import { protobuf } from './protobuf.ts';
import { xml } from './xml.ts';

export const formats: Readonly<Record<FormatName, Format>> = { json, xml, protobuf };

/** What is put into a body that takes text only: bytes that are none go as base64, a third larger. */
export const toText = ({ text }: Format, bytes: Uint8Array): string =>
  text ? new TextDecoder().decode(bytes) : Buffer.from(bytes).toString('base64');

export const fromText = ({ text }: Format, body: string): Uint8Array =>
  text ? new TextEncoder().encode(body) : Buffer.from(body, 'base64');
