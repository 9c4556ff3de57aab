import type { Foundation } from '../../cloud.ts';
import { AwsError } from '../../errors.ts';
import { resourcePolicyFault } from '../../iam/resource-policy.ts';
import { effectiveTopicPolicy, topicDeliveryPolicy } from './delivery-policy.ts';
import { checkArnShape, invalidParameter, topicNotFound } from './errors.ts';
import type { Topic } from './model.ts';
import type { SnsStore } from './store.ts';
import { policyOf } from './topic-policy.ts';

type Values = Readonly<Record<string, string>>;

/** Checks one attribute's value and gives it as it is kept; `prefix` differs between CreateTopic and SetTopicAttributes. */
type Check = (value: string, prefix: string) => string;

const any: Check = (value) => value;

const oneOf =
  (name: string, ...allowed: readonly string[]): Check =>
  (value, prefix) => {
    if (!allowed.includes(value))
      throw invalidParameter(`${prefix}${name}: Invalid value [${value}]. Must be ${allowed.join(' or ')}.`);
    return value;
  };

/** What could not be enforced is never kept: the topic could not be opened again. */
const policy: Check = (value, prefix) => {
  let document: unknown;
  try {
    document = JSON.parse(value);
  } catch {
    throw invalidParameter(`${prefix}Policy Error: null`);
  }
  const fault = resourcePolicyFault('sns', document);
  if (fault !== undefined) throw invalidParameter(`${prefix}${fault}`);
  return value;
};

const messageSize: Check = (value, prefix) => {
  if (!/^\d+$/.test(value) || Number(value) < 1024 || Number(value) > 1_048_576)
    throw invalidParameter(
      `${prefix}MaximumMessageSize: Invalid value [${value}]. Must be from 1024 to 1048576.`,
    );
  return value;
};

const feedback = ['HTTP', 'Lambda', 'SQS', 'Firehose', 'Application'].flatMap((protocol) =>
  ['SuccessFeedbackRoleArn', 'SuccessFeedbackSampleRate', 'FailureFeedbackRoleArn'].map(
    (name): [string, Check] => [`${protocol}${name}`, any],
  ),
);

/** API reference, SetTopicAttributes. Delivery status logging, encryption and tracing are kept and shown, not emulated. */
const settable: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['DisplayName', any],
  ['Policy', policy],
  ['DeliveryPolicy', topicDeliveryPolicy],
  ['KmsMasterKeyId', any],
  ['SignatureVersion', oneOf('SignatureVersion', '1', '2')],
  ['TracingConfig', oneOf('TracingConfig', 'PassThrough', 'Active')],
  ['MaximumMessageSize', messageSize],
  ...feedback,
]);

const settableOnFifo: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['ContentBasedDeduplication', oneOf('ContentBasedDeduplication', 'true', 'false')],
  ['FifoThroughputScope', oneOf('FifoThroughputScope', 'Topic', 'MessageGroup')],
]);

/** Asking for some of a topic's tags is no difference (recorded on AWS, 24-08-2023). */
const hasTags = (present: Values, wanted: Values): boolean =>
  Object.entries(wanted).every(([key, value]) => present[key] === value);

/** The topics of the account. */
export class TopicRegistry {
  readonly #foundation: Foundation;
  readonly #store: SnsStore;
  readonly #topics = new Map<string, Topic>();

  constructor(foundation: Foundation, store: SnsStore) {
    this.#foundation = foundation;
    this.#store = store;
    for (const topic of store.topics()) this.#admit(topic);
  }

  arn(name: string): string {
    return `arn:aws:sns:${this.#foundation.region}:${this.#foundation.account}:${name}`;
  }

  list(): readonly Topic[] {
    return [...this.#topics.values()];
  }

  find(arn: string): Topic | undefined {
    return this.#topics.get(arn);
  }

  /** Throws AwsError InvalidParameter for what is no topic ARN of this account and region, NotFound for an unknown one. */
  get(arn: string, parameter = 'TopicArn'): Topic {
    this.checkArn(arn, parameter);
    const topic = this.#topics.get(arn);
    if (!topic) throw topicNotFound();
    return topic;
  }

  /** Throws AwsError InvalidParameter for what is no topic ARN of this account and region. */
  checkArn(arn: string, parameter = 'TopicArn'): void {
    const elements = checkArnShape(arn, parameter);
    if (arn !== this.arn(elements.slice(5).join(':'))) throw invalidParameter(parameter);
  }

  /** CreateTopic: gives the topic that is there already, if nothing that was asked for differs from it. */
  create(name: string, attributes: Values, tags: Values): Topic {
    const wanted = this.#checked(name, attributes, tags);
    const present = this.#topics.get(wanted.arn);
    if (!present) return this.#put(wanted);
    if (Object.entries(wanted.attributes).some(([key, value]) => present.attributes[key] !== value))
      throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
    if (!hasTags(present.tags, tags))
      throw invalidParameter('Tags Reason: Topic already exists with different tags');
    return present;
  }

  /** Makes the topic what is asked for, whatever it was; a policy that was set apart from it is kept. */
  ensure(name: string, attributes: Values, tags: Values): Topic {
    const wanted = this.#checked(name, attributes, tags);
    const policy = this.#topics.get(wanted.arn)?.attributes.Policy;
    return this.#put(
      policy === undefined ? wanted : { ...wanted, attributes: { Policy: policy, ...wanted.attributes } },
    );
  }

  setAttribute(topic: Topic, name: string, value: string): void {
    const check = this.#check(topic.fifo, name);
    if (!check) throw invalidParameter('AttributeName');
    const { [name]: _, ...others } = topic.attributes;
    const unset = value === '' && (name === 'DeliveryPolicy' || name === 'KmsMasterKeyId');
    this.#put({ ...topic, attributes: unset ? others : { ...others, [name]: check(value, '') } });
  }

  setTags(topic: Topic, tags: Values): void {
    this.#put({ ...topic, tags: { ...tags } });
  }

  delete(arn: string): void {
    if (this.#topics.delete(arn)) this.#store.deleteTopic(arn);
  }

  /** GetTopicAttributes, apart from the number of subscriptions. */
  describe(topic: Topic): Record<string, string> {
    const { account } = this.#foundation;
    return {
      DisplayName: '',
      ...(topic.fifo ? { FifoTopic: 'true', ContentBasedDeduplication: 'false' } : {}),
      Owner: account,
      Policy: JSON.stringify(policyOf(topic, account)),
      TopicArn: topic.arn,
      EffectiveDeliveryPolicy: JSON.stringify(effectiveTopicPolicy(topic)),
      ...topic.attributes,
    };
  }

  #check(fifo: boolean, name: string): Check | undefined {
    return settable.get(name) ?? (fifo ? settableOnFifo.get(name) : undefined);
  }

  #checked(name: string, { FifoTopic: fifoTopic, ...attributes }: Values, tags: Values): Topic {
    const prefix = 'Attributes Reason: ';
    const fifo = oneOf('FifoTopic', 'true', 'false')(fifoTopic ?? 'false', prefix) === 'true';
    const stem = fifo && name.endsWith('.fifo') ? name.slice(0, -'.fifo'.length) : name;
    if (!/^[\w-]+$/.test(stem) || name.length > 256 || fifo !== name.endsWith('.fifo'))
      throw invalidParameter('Topic Name');
    const checked = Object.entries(attributes).map(([key, value]): [string, string] => {
      const check = this.#check(fifo, key);
      if (check) return [key, check(value, prefix)];
      throw key === 'ArchivePolicy' || key === 'DataProtectionPolicy'
        ? new AwsError(
            'InvalidParameter',
            `Invalid parameter: ${prefix}${key}: the local cloud does not emulate it`,
          )
        : invalidParameter(`${prefix}Unknown attribute: ${key}`);
    });
    return { arn: this.arn(name), name, fifo, attributes: Object.fromEntries(checked), tags: { ...tags } };
  }

  #put(topic: Topic): Topic {
    this.#store.putTopic(topic);
    return this.#admit(topic);
  }

  #admit(topic: Topic): Topic {
    this.#topics.set(topic.arn, topic);
    const { iam, account } = this.#foundation;
    iam.putResourcePolicy(topic.arn, 'Policy', policyOf(topic, account));
    return topic;
  }
}
