import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { LabMessage } from '../message.ts';
import { format } from './format.ts';

const { LengthDelimited, Varint, Bit64 } = WireType;

/**
 * Seven flat fields, written and read by the wire library itself: a schema and generated code would be longer.
 *
 *     string run = 1; string producer = 2; string key = 3; uint32 seq = 4;
 *     double intendedAt = 5; double sentAt = 6; string padding = 7;
 */
const encode = ({ run, producer, key, seq, intendedAt, sentAt, padding }: LabMessage): Uint8Array =>
  new BinaryWriter()
    .tag(1, LengthDelimited)
    .string(run)
    .tag(2, LengthDelimited)
    .string(producer)
    .tag(3, LengthDelimited)
    .string(key)
    .tag(4, Varint)
    .uint32(seq)
    .tag(5, Bit64)
    .double(intendedAt)
    .tag(6, Bit64)
    .double(sentAt)
    .tag(7, LengthDelimited)
    .string(padding)
    .finish();

const fields: Readonly<Record<number, (reader: BinaryReader) => Partial<LabMessage>>> = {
  1: (reader) => ({ run: reader.string() }),
  2: (reader) => ({ producer: reader.string() }),
  3: (reader) => ({ key: reader.string() }),
  4: (reader) => ({ seq: reader.uint32() }),
  5: (reader) => ({ intendedAt: reader.double() }),
  6: (reader) => ({ sentAt: reader.double() }),
  7: (reader) => ({ padding: reader.string() }),
};

const decode = (bytes: Uint8Array): Partial<LabMessage> => {
  const reader = new BinaryReader(bytes);
  const message: Partial<LabMessage> = {};
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    const read = fields[field];
    if (read) Object.assign(message, read(reader));
    else reader.skip(wireType, field);
  }
  return message;
};

export const protobuf = format('protobuf', false, encode, decode);
