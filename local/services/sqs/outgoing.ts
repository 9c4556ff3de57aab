import { randomUUID } from 'node:crypto';
import type { Caller, OutgoingMessage } from '../../ports.ts';
import { invalidValue, missingParameter, SqsError } from './errors.ts';
import type { Content } from './message.ts';
import {
  ALLOWED_CHARACTERS,
  attributesSize,
  checkMessageAttributes,
  findForbiddenCharacter,
} from './message-attributes.ts';

/** What a queue asks of the messages sent to it. */
export interface SendRules {
  readonly fifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly maximumMessageSize: number;
}

const MOST_DELAY_SECONDS = 900;
/** `a-z A-Z 0-9` and ASCII punctuation. */
const token = /^[!-~]{1,128}$/;

interface Sized {
  readonly body: string;
  readonly attributes?: OutgoingMessage['attributes'] | undefined;
}

/** In bytes, as its limits count. */
export const messageSize = ({ body, attributes = {} }: Sized): number =>
  Buffer.byteLength(body) + attributesSize(attributes);

export const sizeOfAll = (messages: readonly Sized[]): number =>
  messages.reduce((bytes, message) => bytes + messageSize(message), 0);

/** The rules of "SendMessage" for what a sender gives. @throws InvalidParameterValue, InvalidMessageContents, MissingParameter */
export const checkOutgoing = (message: OutgoingMessage, rules: SendRules): void => {
  checkBody(message, rules);
  checkMessageAttributes(message.attributes ?? {});
  checkToken('MessageGroupId', message.groupId);
  checkToken('MessageDeduplicationId', message.deduplicationId);
  checkDelay(message.delaySeconds);
  if (rules.fifo) checkForFifo(message, rules);
  else if (message.deduplicationId !== undefined)
    throw notForThisQueueType(message.deduplicationId, 'MessageDeduplicationId');
};

const checkBody = (message: OutgoingMessage, { maximumMessageSize }: SendRules): void => {
  if (message.body === '') throw missingParameter('MessageBody');
  if (messageSize(message) > maximumMessageSize)
    throw new SqsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${maximumMessageSize} bytes.`,
    );
  const forbidden = findForbiddenCharacter(message.body);
  if (forbidden)
    throw new SqsError(
      'InvalidMessageContents',
      `Invalid binary character '${forbidden}' was found in the message body, the set of allowed characters is ${ALLOWED_CHARACTERS}`,
    );
};

/** Ids that a client chooses. @throws InvalidParameterValue */
export const checkToken = (parameter: string, value: string | undefined): void => {
  if (value !== undefined && !token.test(value))
    throw invalidValue(
      value,
      parameter,
      `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
};

const checkDelay = (delaySeconds = 0): void => {
  if (delaySeconds < 0 || delaySeconds > MOST_DELAY_SECONDS)
    throw invalidValue(
      delaySeconds,
      'DelaySeconds',
      `DelaySeconds must be >= 0 and <= ${MOST_DELAY_SECONDS}.`,
    );
};

const checkForFifo = (message: OutgoingMessage, rules: SendRules): void => {
  if (message.groupId === undefined) throw missingParameter('MessageGroupId');
  if (message.deduplicationId === undefined && !rules.contentBasedDeduplication) throw noDeduplicationId();
  if (message.delaySeconds) throw notForThisQueueType(message.delaySeconds, 'DelaySeconds');
};

export const noDeduplicationId = () =>
  new SqsError(
    'InvalidParameterValue',
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );

const notForThisQueueType = (value: string | number, parameter: string) =>
  invalidValue(value, parameter, 'The request include parameter that is not valid for this queue type.');

export const contentOf = (message: OutgoingMessage, senderId: string, sentAt: number): Content => ({
  id: randomUUID(),
  body: message.body,
  attributes: message.attributes,
  groupId: message.groupId,
  deduplicationId: message.deduplicationId,
  traceHeader: message.traceHeader,
  senderId,
  sentAt,
});

/** `SenderId`: the account, or the role's id and session. A service sends with the account's. */
export const senderIdOf = (caller: Caller, account: string): string =>
  caller.kind === 'role' ? `${roleId(caller.roleArn)}:${caller.session}` : account;

/** Real role ids are random: here each role has one that is made from its name. */
const roleId = (roleArn: string): string => {
  const name = roleArn
    .slice(roleArn.lastIndexOf('/') + 1)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');
  return `AROA${name.slice(0, 17).padEnd(17, '0')}`;
};
