import { createHash, hash as digest } from 'node:crypto';
import type { MessageAttribute } from '../../ports.ts';
import { SqsError } from './errors.ts';

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const MOST_ATTRIBUTES = 10;
const name = /^(?!.*\.\.)(?!\.)[\p{L}\p{N}_.-]{1,256}(?<!\.)$/u;
const reservedPrefix = /^(aws|amazon)\./i;
const dataType = /^(String|Number|Binary)(\..+)?$/;
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
/** "Amazon SQS message quotas": what XML 1.0 allows. */
const forbiddenCharacter = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** The first character that a body or a string value must not contain, as `#x1`. */
export const findForbiddenCharacter = (text: string): string | undefined => {
  const found = forbiddenCharacter.exec(text)?.[0];
  return found && `#x${found.codePointAt(0)?.toString(16)}`;
};

export const ALLOWED_CHARACTERS = '#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';

const invalid = (message: string) => new SqsError('InvalidParameterValue', message);

/** "Amazon SQS message metadata": names, types and values. @throws InvalidParameterValue */
export const checkMessageAttributes = (attributes: MessageAttributes): void => {
  const count = Object.keys(attributes).length;
  if (count > MOST_ATTRIBUTES)
    throw invalid(
      `Number of message attributes [${count}] exceeds the allowed maximum [${MOST_ATTRIBUTES}].`,
    );
  for (const [attributeName, attribute] of Object.entries(attributes)) {
    if (!name.test(attributeName) || reservedPrefix.test(attributeName))
      throw invalid(`The message attribute name '${attributeName}' is invalid.`);
    checkType(attributeName, attribute);
    checkValue(attributeName, attribute);
  }
};

const checkType = (attributeName: string, attribute: MessageAttribute): void => {
  if (attribute.dataType.length > 256 || !dataType.test(attribute.dataType))
    throw invalid(
      `The message attribute '${attributeName}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
};

const checkValue = (attributeName: string, attribute: MessageAttribute): void => {
  const [type = ''] = attribute.dataType.split('.');
  const value = type === 'Binary' ? attribute.binaryValue : attribute.stringValue;
  if (!value || value.length === 0)
    throw invalid(
      `Message (user) attribute '${attributeName}' must contain a non-empty value of type '${type}'.`,
    );
  if (typeof value !== 'string') return;
  if (type === 'Number' && !decimal.test(value))
    throw invalid(`Can't cast the value of message (user) attribute '${attributeName}' to a number.`);
  const forbidden = findForbiddenCharacter(value);
  if (forbidden)
    throw invalid(
      `Invalid binary character '${forbidden}' was found in the message attribute '${attributeName}' value, the set of allowed characters is ${ALLOWED_CHARACTERS}.`,
    );
};

/** What attributes add to the size of their message: names, types and values. */
export const attributesSize = (attributes: MessageAttributes): number => {
  let size = 0;
  for (const [attributeName, attribute] of Object.entries(attributes))
    size +=
      Buffer.byteLength(attributeName) + Buffer.byteLength(attribute.dataType) + bytesOf(attribute).length;
  return size;
};

export const md5 = (text: string): string => digest('md5', text);

const STRING_VALUE = 1;
const BINARY_VALUE = 2;

/** "Calculating the MD5 message digest for message attributes". */
export const md5OfAttributes = (attributes: MessageAttributes): string => {
  const hash = createHash('md5');
  const add = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const attributeName of Object.keys(attributes).sort()) {
    const attribute = attributes[attributeName];
    if (!attribute) continue;
    add(Buffer.from(attributeName));
    add(Buffer.from(attribute.dataType));
    hash.update(Uint8Array.of(attribute.binaryValue ? BINARY_VALUE : STRING_VALUE));
    add(bytesOf(attribute));
  }
  return hash.digest('hex');
};

const bytesOf = ({ stringValue, binaryValue }: MessageAttribute): Uint8Array =>
  binaryValue ?? Buffer.from(stringValue ?? '');
