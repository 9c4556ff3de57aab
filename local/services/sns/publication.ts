import { AwsError } from '../../errors.ts';
import type { Publication } from '../../ports.ts';
import { invalidParameter } from './errors.ts';
import { attributesSize, checkMessageAttributes } from './message-attributes.ts';
import type { Topic } from './model.ts';

/** A publication that may have a text of its own for each protocol: `MessageStructure=json`. */
export interface Publishing extends Publication {
  readonly isStructured?: boolean;
  readonly traceHeader?: string;
}

const DEFAULT_MAXIMUM_SIZE = 262_144;

const maximumSize = ({ attributes }: Topic): number =>
  Number(attributes.MaximumMessageSize ?? DEFAULT_MAXIMUM_SIZE);

export const publicationSize = ({ message, attributes = {} }: Publication): number =>
  Buffer.byteLength(message) + attributesSize(attributes);

/** API reference, Publish: up to 100 characters of one line of text. */
const checkSubject = (subject: string | undefined): void => {
  if (subject === undefined) return;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (subject === '' || subject.length > 100 || /[\x00-\x1f\x7f]/.test(subject))
    throw invalidParameter('Subject');
};

/** API reference, Publish: what a queue would refuse is not taken. */
const checkToken = (parameter: string, value: string | undefined): void => {
  if (value !== undefined && !/^[!-~]{1,128}$/.test(value))
    throw invalidParameter(
      `${parameter} Reason: it can only include alphanumeric and punctuation characters, 1 to 128 in length`,
    );
};

const checkOrdering = (topic: Topic, { groupId, deduplicationId }: Publication): void => {
  if (!topic.fifo) {
    if (deduplicationId !== undefined)
      throw invalidParameter(
        'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
      );
    return;
  }
  if (!groupId) throw invalidParameter('The MessageGroupId parameter is required for FIFO topics');
  if (deduplicationId === undefined && topic.attributes.ContentBasedDeduplication !== 'true')
    throw invalidParameter(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
};

/** The texts of a `MessageStructure=json` message. Throws AwsError InvalidParameter, as recorded 24-08-2023. */
export const structured = (
  message: string,
): { readonly default: string; readonly perProtocol: Record<string, string> } => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  const texts = Object.entries(typeof parsed === 'object' && parsed !== null ? parsed : {}).flatMap(
    ([key, value]) => (typeof value === 'string' ? [[key, value] as const] : []),
  );
  const { default: fallback, ...perProtocol } = Object.fromEntries(texts);
  if (fallback === undefined)
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  return { default: fallback, perProtocol };
};

/** Throws what AWS answers to a Publish that it does not take. */
export const checkPublication = (topic: Topic, publication: Publishing): void => {
  if (publication.message === '') throw invalidParameter('Empty message');
  checkSubject(publication.subject);
  checkMessageAttributes(publication.attributes ?? {});
  if (publicationSize(publication) > maximumSize(topic)) throw invalidParameter('Message too long');
  if (publication.isStructured) structured(publication.message);
  checkOrdering(topic, publication);
  checkToken('MessageGroupId', publication.groupId);
  checkToken('MessageDeduplicationId', publication.deduplicationId);
};

/** Throws what AWS answers to a PublishBatch that it does not take as a whole, as recorded 2023 to 2025. */
export const checkBatch = (
  topic: Topic,
  entries: readonly (Publishing & { readonly id: string })[],
): void => {
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 'The batch request does not contain any entries.');
  if (entries.length > 10)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      'The batch request contains more entries than permissible.',
    );
  if (new Set(entries.map(({ id }) => id)).size < entries.length)
    throw new AwsError(
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    );
  for (const { id } of entries) {
    if (!/^[\w-]+$/.test(id))
      throw new AwsError(
        'InvalidBatchEntryId',
        `The Id of a batch entry in the batch request contains an impermissible character: ${id}`,
      );
    if (id.length > 80)
      throw new AwsError(
        'InvalidBatchEntryId',
        `The Id of a batch entry in the batch request is too long: ${id}`,
      );
  }
  if (entries.reduce((size, entry) => size + publicationSize(entry), 0) > maximumSize(topic))
    throw new AwsError(
      'BatchRequestTooLong',
      'The length of all the messages put together is more than the limit.',
    );
  for (const entry of entries) {
    checkMessageAttributes(entry.attributes ?? {});
    if (entry.isStructured) structured(entry.message);
    checkOrdering(topic, entry);
  }
};
