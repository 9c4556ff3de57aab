import { crc32 } from 'node:zlib';

const STRING = 7;
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};

const header = (name: string, value: string): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  const nameBytes = Buffer.from(name);
  return Buffer.concat([
    Buffer.of(nameBytes.length),
    nameBytes,
    Buffer.of(STRING),
    length,
    Buffer.from(value),
  ]);
};

/**
 * One message of a stream of events: lengths, headers and payload, each part with its checksum
 * (Smithy specification, "Amazon Event Stream").
 */
export const eventMessage = (headers: Readonly<Record<string, string>>, payload: string): Buffer => {
  const named = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const body = Buffer.from(payload);
  const total = PRELUDE_BYTES + named.length + body.length + CHECKSUM_BYTES;
  const lengths = Buffer.concat([uint32(total), uint32(named.length)]);
  const checked = Buffer.concat([lengths, uint32(crc32(lengths)), named, body]);
  return Buffer.concat([checked, uint32(crc32(checked))]);
};

/** An event of that type; `initial-response` opens every stream of the AWS JSON protocol. */
export const event = (type: string, content: object): Buffer =>
  eventMessage(
    { ':message-type': 'event', ':event-type': type, ':content-type': 'application/json' },
    JSON.stringify(content),
  );

/** What ends a stream early: an exception that the operation's model names. */
export const exception = (type: string, message: string): Buffer =>
  eventMessage(
    { ':message-type': 'exception', ':exception-type': type, ':content-type': 'application/json' },
    JSON.stringify({ message }),
  );
