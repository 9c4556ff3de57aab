import { z } from 'zod';
import { resourcePolicyFault } from '../../iam/resource-policy.ts';
import { SqsError } from './errors.ts';
import type { QueueSettings } from './message-queue.ts';
import type { SendRules } from './outgoing.ts';

/** As on the wire: every value is a string. */
export type QueueAttributes = Readonly<Record<string, string>>;

type Check = (value: string, name: string) => string;

const invalidAttribute = (name: string, reason?: string) =>
  new SqsError(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${name}.${reason ? ` Reason: ${reason}` : ''}`,
  );

const integer =
  (least: number, most: number): Check =>
  (value, name) => {
    if (!/^\d+$/.test(value) || Number(value) < least || Number(value) > most) throw invalidAttribute(name);
    return String(Number(value));
  };

const oneOf =
  (...allowed: string[]): Check =>
  (value, name) => {
    if (!allowed.includes(value)) throw invalidAttribute(name);
    return value;
  };

const boolean: Check = (value, name) => oneOf('true', 'false')(value.toLowerCase(), name);

const json: Check = (value, name) => {
  if (value !== '' && !z.string().pipe(jsonText).safeParse(value).success) throw invalidAttribute(name);
  return value;
};

export const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});

const text: Check = (value) => value;

/** What could not be enforced is never kept: the queue could not be opened again. */
const policy: Check = (value, name) => {
  if (value === '') return value;
  const { success, data } = jsonText.safeParse(value);
  if (!success) throw invalidAttribute(name);
  const fault = resourcePolicyFault('sqs', data);
  if (fault !== undefined) throw invalidAttribute(name, fault);
  return value;
};

/** "SetQueueAttributes": names, ranges. */
const checks: Readonly<Record<string, Check>> = {
  DelaySeconds: integer(0, 900),
  MaximumMessageSize: integer(1024, 1_048_576),
  MessageRetentionPeriod: integer(60, 1_209_600),
  ReceiveMessageWaitTimeSeconds: integer(0, 20),
  VisibilityTimeout: integer(0, 43_200),
  Policy: policy,
  RedrivePolicy: json,
  RedriveAllowPolicy: json,
  KmsMasterKeyId: text,
  KmsDataKeyReusePeriodSeconds: integer(60, 86_400),
  SqsManagedSseEnabled: boolean,
};

const fifoChecks: Readonly<Record<string, Check>> = {
  FifoQueue: boolean,
  ContentBasedDeduplication: boolean,
  DeduplicationScope: oneOf('queue', 'messageGroup'),
  FifoThroughputLimit: oneOf('perQueue', 'perMessageGroupId'),
};

const defaults: QueueAttributes = {
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  SqsManagedSseEnabled: 'true',
  VisibilityTimeout: '30',
};

const fifoDefaults: QueueAttributes = {
  ...defaults,
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'queue',
  FifoQueue: 'true',
  FifoThroughputLimit: 'perQueue',
};

export const defaultAttributes = (fifo: boolean): QueueAttributes => (fifo ? fifoDefaults : defaults);

/** What a queue answers about itself besides its attributes. */
export const computedAttributes = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
] as const;

const known: ReadonlySet<string> = new Set([
  'All',
  ...computedAttributes,
  ...Object.keys(checks),
  ...Object.keys(fifoChecks),
]);

/**
 * @param others names that are known besides those of queues
 * @throws InvalidAttributeName
 */
export const checkAttributeNames = (names: readonly string[], others: readonly string[] = []): void => {
  for (const name of names) if (!known.has(name) && !others.includes(name)) throw unknownAttribute(name);
};

const unknownAttribute = (name: string) => new SqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);

/**
 * Checks attributes and writes them in the one way in which they are kept and compared.
 * @throws InvalidAttributeName, InvalidAttributeValue
 */
export const checkAttributes = (given: QueueAttributes, fifo: boolean): QueueAttributes => {
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const check = checks[name] ?? fifoChecks[name];
    if (!check) throw unknownAttribute(name);
    if (!fifo && name in fifoChecks) throw forFifoOnly(name);
    checked[name] = check(value, name);
  }
  if (checked.FifoQueue === 'false')
    throw invalidAttribute('FifoQueue', 'Modifying queue type is not supported.');
  if (checked.KmsMasterKeyId && checked.SqsManagedSseEnabled === 'true')
    throw new SqsError(
      'InvalidAttributeName',
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    );
  return checked;
};

const forFifoOnly = (name: string) =>
  name === 'DeduplicationScope' || name === 'FifoThroughputLimit'
    ? new SqsError('InvalidAttributeName', `You can specify the ${name} only when FifoQueue is set to true.`)
    : unknownAttribute(name);

/** Attributes after a change: an empty value takes one away; one kind of encryption ends the other. */
export const mergeAttributes = (current: QueueAttributes, change: QueueAttributes): QueueAttributes => {
  const merged: Record<string, string> = { ...current, ...change };
  if (change.KmsMasterKeyId) merged.SqsManagedSseEnabled = 'false';
  if (change.SqsManagedSseEnabled === 'true') merged.KmsMasterKeyId = '';
  if (!merged.KmsMasterKeyId) delete merged.KmsDataKeyReusePeriodSeconds;
  for (const [name, value] of Object.entries(merged)) if (value === '') delete merged[name];
  return merged;
};

/** Which values go together. @throws InvalidAttributeValue */
export const checkTogether = ({ FifoThroughputLimit, DeduplicationScope }: QueueAttributes): void => {
  if (FifoThroughputLimit === 'perMessageGroupId' && DeduplicationScope !== 'messageGroup')
    throw invalidAttribute(
      'FifoThroughputLimit',
      'The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.',
    );
};

const seconds = (attributes: QueueAttributes, name: string): number => Number(attributes[name] ?? 0);

export const settingsOf = (
  attributes: QueueAttributes,
  maxReceiveCount: number | undefined,
): QueueSettings => ({
  visibilityMs: seconds(attributes, 'VisibilityTimeout') * 1000,
  delayMs: seconds(attributes, 'DelaySeconds') * 1000,
  retentionMs: seconds(attributes, 'MessageRetentionPeriod') * 1000,
  maxReceiveCount,
  deduplicationScope: attributes.DeduplicationScope === 'messageGroup' ? 'messageGroup' : 'queue',
});

export const sendRulesOf = (attributes: QueueAttributes): SendRules => ({
  fifo: attributes.FifoQueue === 'true',
  contentBasedDeduplication: attributes.ContentBasedDeduplication === 'true',
  maximumMessageSize: seconds(attributes, 'MaximumMessageSize'),
});
