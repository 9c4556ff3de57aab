import { z } from 'zod';
import { subscriptionDeliveryPolicy } from './delivery-policy.ts';
import { invalidParameter } from './errors.ts';
import { FilterPolicy, type FilterPolicyScope, InvalidFilterPolicy } from './filter-policy.ts';
import { isFifoTopic, type Subscription } from './model.ts';

type Target = Pick<Subscription, 'topicArn' | 'protocol' | 'endpoint'>;

const redrivePolicy = z.object({ deadLetterTargetArn: z.string() });

const parseJson = (name: string, text: string, prefix: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidParameter(
      `${prefix}${name}: failed to parse JSON. ${error instanceof Error ? error.message : ''}`,
    );
  }
};

/** Its case does not matter; it is shown in lower case (recorded on AWS, 24-08-2023). */
const rawDelivery = (given: string, { protocol }: Target, prefix: string): string => {
  const value = given.toLowerCase();
  if (value !== 'true' && value !== 'false')
    throw invalidParameter(`${prefix}RawMessageDelivery: Invalid value [${given}]. Must be true or false.`);
  if (value === 'true' && protocol === 'lambda')
    throw invalidParameter(`${prefix}Delivery protocol [lambda] does not support raw message delivery.`);
  return value;
};

const filterScope = (value: string, prefix: string): void => {
  if (value !== 'MessageAttributes' && value !== 'MessageBody')
    throw invalidParameter(
      `${prefix}FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`,
    );
};

/** "Amazon SNS dead-letter queues": a queue, and a FIFO one for a FIFO subscription to a FIFO topic. */
const redrive = (value: string, { topicArn, endpoint }: Target, prefix: string): void => {
  const parsed = redrivePolicy.safeParse(parseJson('RedrivePolicy', value, prefix));
  if (!parsed.success || !/^arn:[^:]+:sqs:[^:]+:\d+:.+$/.test(parsed.data.deadLetterTargetArn))
    throw invalidParameter(`${prefix}RedrivePolicy: deadLetterTargetArn is an invalid arn`);
  const isFifoQueue = parsed.data.deadLetterTargetArn.endsWith('.fifo');
  if (isFifoTopic(topicArn) && endpoint.endsWith('.fifo') && !isFifoQueue)
    throw invalidParameter(
      `${prefix}RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.`,
    );
  if (!isFifoTopic(topicArn) && isFifoQueue)
    throw invalidParameter(
      `${prefix}RedrivePolicy: must use a standard queue as DLQ for a subscription to a standard topic.`,
    );
};

const scopeOf = (attributes: Subscription['attributes']): FilterPolicyScope =>
  attributes.FilterPolicyScope === 'MessageBody' ? 'MessageBody' : 'MessageAttributes';

/** The filter of a subscription; nothing when it takes every message. Throws AwsError InvalidParameter. */
export const filterOf = (attributes: Subscription['attributes'], prefix = ''): FilterPolicy | undefined => {
  if (!attributes.FilterPolicy) return undefined;
  try {
    return new FilterPolicy(parseJson('FilterPolicy', attributes.FilterPolicy, prefix), scopeOf(attributes));
  } catch (error) {
    throw error instanceof InvalidFilterPolicy ? invalidParameter(`${prefix}${error.message}`) : error;
  }
};

export const deadLetterArn = ({ attributes }: Subscription): string | undefined =>
  attributes.RedrivePolicy
    ? redrivePolicy.parse(JSON.parse(attributes.RedrivePolicy)).deadLetterTargetArn
    : undefined;

/** An empty value takes the attribute away. */
const REMOVABLE = new Set(['FilterPolicy', 'RedrivePolicy', 'DeliveryPolicy']);

/**
 * The attributes of a subscription after setting one more.
 * API reference, SetSubscriptionAttributes; messages as recorded 24-08-2023. Throws AwsError InvalidParameter.
 * @param prefix `Attributes Reason: ` when they come with Subscribe.
 */
export const withAttribute = (
  target: Target,
  attributes: Subscription['attributes'],
  [name, value]: readonly [string, string],
  prefix: string,
): Subscription['attributes'] => {
  const { [name]: _, ...others } = attributes;
  if (value === '' && REMOVABLE.has(name)) return others;
  const changed = { ...others, [name]: value };
  if (name === 'RawMessageDelivery')
    return { ...changed, RawMessageDelivery: rawDelivery(value, target, prefix) };
  if (name === 'FilterPolicyScope') filterScope(value, prefix);
  else if (name === 'RedrivePolicy') redrive(value, target, prefix);
  else if (name === 'DeliveryPolicy')
    return { ...changed, DeliveryPolicy: deliveryPolicy(value, target, prefix) };
  else if (name === 'ReplayPolicy' || name === 'SubscriptionRoleArn')
    throw invalidParameter(`${prefix}${name}: the local cloud does not emulate it`);
  else if (name !== 'FilterPolicy')
    throw invalidParameter(prefix === '' ? 'AttributeName' : `${prefix}Unknown attribute: ${name}`);
  if (name === 'FilterPolicy') filterOf(changed, prefix);
  return changed;
};

const deliveryPolicy = (value: string, { protocol }: Target, prefix: string): string => {
  if (protocol !== 'http' && protocol !== 'https')
    throw invalidParameter(
      `${prefix}DeliveryPolicy: Delivery protocol [${protocol}] does not support custom delivery policies.`,
    );
  return subscriptionDeliveryPolicy(value, prefix);
};
