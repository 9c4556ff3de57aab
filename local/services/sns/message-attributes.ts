import { AwsError } from '../../errors.ts';
import type { MessageAttribute } from '../../ports.ts';
import type { Filterable } from './filter-policy.ts';
import type { NotificationAttribute } from './model.ts';

type Attributes = Readonly<Record<string, MessageAttribute>>;

const invalid = (message: string): AwsError => new AwsError('ParameterValueInvalid', message);

const checkName = (name: string): void => {
  if (Buffer.byteLength(name) > 255)
    throw invalid('Length of message attribute name must be less than 256 bytes.');
  const forbidden = /[^\w.-]/.exec(name);
  if (forbidden)
    throw invalid(
      `Invalid non-alphanumeric character '#x${(forbidden[0].codePointAt(0) ?? 0).toString(16).toUpperCase()}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
    );
  if (name.startsWith('.'))
    throw invalid("Invalid message attribute name starting with character '.' was found.");
  if (name.endsWith('.'))
    throw invalid("Invalid message attribute name ending with character '.' was found.");
  if (name.includes('..')) throw invalid("Message attribute name can not have successive '.' character.");
};

const checkValue = (name: string, { dataType, stringValue, binaryValue }: MessageAttribute): void => {
  const [type, label] = dataType.split('.');
  if ((type !== 'String' && type !== 'Number' && type !== 'Binary') || label === '')
    throw invalid(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  const field = type === 'Binary' ? 'Binary' : 'String';
  const [own, other] = type === 'Binary' ? [binaryValue, stringValue] : [stringValue, binaryValue];
  if (other !== undefined && other.length > 0 && own === undefined)
    throw invalid(`The message attribute '${name}' with type '${dataType}' must use field '${field}'.`);
  if (own === undefined || own.length === 0)
    throw invalid(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${dataType}'.`,
    );
  if (type === 'Number' && (stringValue?.trim() === '' || !Number.isFinite(Number(stringValue))))
    throw invalid(`Could not cast message attribute '${name}' value to number.`);
};

/** "Amazon SNS message attributes"; messages as recorded 24-08-2023. Throws AwsError ParameterValueInvalid. */
export const checkMessageAttributes = (attributes: Attributes): void => {
  for (const [name, attribute] of Object.entries(attributes)) {
    checkName(name);
    checkValue(name, attribute);
  }
};

/** Bytes of names, types and values, which count to the message's size. */
export const attributesSize = (attributes: Attributes): number =>
  Object.entries(attributes).reduce(
    (size, [name, { dataType, stringValue, binaryValue }]) =>
      size +
      Buffer.byteLength(name) +
      Buffer.byteLength(dataType) +
      (binaryValue?.length ?? Buffer.byteLength(stringValue ?? '')),
    0,
  );

/** As the journal keeps them. */
export const toNotificationAttributes = (attributes: Attributes): Record<string, NotificationAttribute> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      { dataType, value: binaryValue ? Buffer.from(binaryValue).toString('base64') : (stringValue ?? '') },
    ]),
  );

/**
 * What a filter sees of them: numbers as numbers, a `String.Array` as its elements, binary values not at all.
 * Nothing when an array is no JSON array: then no filter accepts the message.
 */
export const filterableAttributes = (
  attributes: Readonly<Record<string, NotificationAttribute>>,
): Filterable | undefined => {
  const values = new Map<string, unknown>();
  for (const [name, { dataType, value }] of Object.entries(attributes)) {
    if (dataType.startsWith('Binary')) continue;
    const filterable =
      dataType === 'String.Array' ? arrayOf(value) : dataType.startsWith('Number') ? Number(value) : value;
    if (filterable === undefined) return undefined;
    values.set(name, filterable);
  }
  return Object.fromEntries(values);
};

const arrayOf = (text: string): readonly unknown[] | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
