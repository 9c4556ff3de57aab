import { z } from 'zod';
import type { MessageAttribute, OutgoingMessage } from '../../ports.ts';
import { SqsError } from './errors.ts';
import { md5OfAttributes } from './message-attributes.ts';
import type { ReceivedMessage } from './received-message.ts';

/** The shapes of requests and answers in the JSON protocol. In the query protocol numbers come as text. */

export const integer = z.union([z.int(), z.stringFormat('integer', /^-?\d+$/).transform(Number)]);
export const texts = z.array(z.string());
export const stringMap = z.record(z.string(), z.string());

const messageAttribute = z
  .object({
    DataType: z.string(),
    StringValue: z.string().optional(),
    BinaryValue: z.string().optional(),
  })
  .transform(
    ({ DataType, StringValue, BinaryValue }): MessageAttribute => ({
      dataType: DataType,
      ...(StringValue !== undefined && { stringValue: StringValue }),
      ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue, 'base64') }),
    }),
  );

export const outgoing = z.object({
  MessageBody: z.string(),
  DelaySeconds: integer.optional(),
  MessageAttributes: z.record(z.string(), messageAttribute).optional(),
  MessageSystemAttributes: z.record(z.string(), messageAttribute).optional(),
  MessageGroupId: z.string().optional(),
  MessageDeduplicationId: z.string().optional(),
});

export type WireMessage = z.output<typeof outgoing>;

/** @throws InvalidParameterValue for a system attribute other than `AWSTraceHeader` */
export const outgoingMessage = (wire: WireMessage, requestTrace?: string): OutgoingMessage => {
  const attributes = wire.MessageAttributes;
  const traceHeader = traceHeaderOf(wire) ?? requestTrace;
  return {
    body: wire.MessageBody,
    ...(attributes && Object.keys(attributes).length > 0 && { attributes }),
    ...(wire.MessageGroupId !== undefined && { groupId: wire.MessageGroupId }),
    ...(wire.MessageDeduplicationId !== undefined && { deduplicationId: wire.MessageDeduplicationId }),
    ...(wire.DelaySeconds !== undefined && { delaySeconds: wire.DelaySeconds }),
    ...(traceHeader !== undefined && { traceHeader }),
  };
};

const traceHeaderOf = ({ MessageSystemAttributes = {} }: WireMessage): string | undefined => {
  for (const [name, { dataType }] of Object.entries(MessageSystemAttributes)) {
    if (name !== 'AWSTraceHeader')
      throw new SqsError(
        'InvalidParameterValue',
        `Message system attribute name '${name}' is invalid. The only supported name is 'AWSTraceHeader'.`,
      );
    if (dataType !== 'String')
      throw new SqsError(
        'InvalidParameterValue',
        `Message system attribute '${name}' must be of type String.`,
      );
  }
  return MessageSystemAttributes.AWSTraceHeader?.stringValue;
};

/** The MD5s by which the sender checks that its attributes arrived. */
export const attributeDigests = ({ MessageAttributes = {}, MessageSystemAttributes = {} }: WireMessage) => ({
  ...(Object.keys(MessageAttributes).length > 0 && {
    MD5OfMessageAttributes: md5OfAttributes(MessageAttributes),
  }),
  ...(Object.keys(MessageSystemAttributes).length > 0 && {
    MD5OfMessageSystemAttributes: md5OfAttributes(MessageSystemAttributes),
  }),
});

/** Which attributes a receive asks for: `All`, `*`, `.*`, `prefix.*` or names. */
export const attributeFilter = (asked: readonly string[]): ((name: string) => boolean) => {
  if (['All', '*', '.*'].some((all) => asked.includes(all))) return () => true;
  const prefixes = asked.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -2));
  return (name) => asked.includes(name) || prefixes.some((prefix) => name.startsWith(prefix));
};

export const wireMessage = (
  received: ReceivedMessage,
  wantsSystem: (name: string) => boolean,
  wantsAttribute: (name: string) => boolean,
) => {
  const system = pick(received.attributes, wantsSystem);
  const attributes = pick(received.messageAttributes, wantsAttribute);
  return {
    MessageId: received.messageId,
    ReceiptHandle: received.receiptHandle,
    MD5OfBody: received.md5OfBody,
    Body: received.body,
    ...(system && { Attributes: system }),
    ...(attributes && {
      MD5OfMessageAttributes: md5OfAttributes(attributes),
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, attribute]) => [name, wireAttribute(attribute)]),
      ),
    }),
  };
};

const wireAttribute = ({ dataType, stringValue, binaryValue }: MessageAttribute) => ({
  ...(stringValue !== undefined && { StringValue: stringValue }),
  ...(binaryValue !== undefined && { BinaryValue: Buffer.from(binaryValue).toString('base64') }),
  DataType: dataType,
});

const pick = <T>(all: Readonly<Record<string, T>>, wanted: (name: string) => boolean) => {
  const entries = Object.entries(all).filter(([name]) => wanted(name));
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
};
