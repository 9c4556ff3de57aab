import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { type Replay, textAt, worked } from '../replay.ts';
import { post, type Recorded, withStatus } from './http.ts';
import type { SqsSteps } from './sqs.ts';

type Input = Readonly<Record<string, unknown>>;

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: false });
const element = z.record(z.string(), z.unknown());
const LISTS = new Set(['Successful', 'Failed', 'Tags', 'Topics', 'Subscriptions']);
const MAPS: Readonly<Record<string, readonly [string, string]>> = {
  Attributes: ['key', 'value'],
  MessageAttributes: ['Name', 'Value'],
};

/** A client of SNS's query protocol that answers in the shape of the recordings, refusals too. */
export class SnsSteps {
  readonly #replay: Replay;

  constructor(replay: Replay) {
    this.#replay = replay;
  }

  async call(
    action: string,
    input: Input = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Recorded> {
    const form = new URLSearchParams({ Action: action, Version: '2010-03-31' });
    flatten(form, '', input);
    const { endpoint } = this.#replay;
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const { status, text } = await post(endpoint, 'sns', { ...type, ...headers }, form.toString());
    return snsAnswer(status, text, `${action}Result`);
  }

  /** @returns the topic's ARN */
  async topic(Attributes: Readonly<Record<string, string>> = {}, name?: string): Promise<string> {
    const Name = name ?? this.#replay.name(Attributes.FifoTopic === 'true' ? '.fifo' : '');
    return textAt(await this.call('CreateTopic', { Name, Attributes }), 'TopicArn');
  }

  publish(TopicArn: string, Message: string, more: Input = {}): Promise<Recorded> {
    return this.call('Publish', { TopicArn, Message, ...more });
  }

  publishBatch(TopicArn: string, PublishBatchRequestEntries: readonly Input[]): Promise<Recorded> {
    return this.call('PublishBatch', { TopicArn, PublishBatchRequestEntries });
  }

  subscribe(TopicArn: string, Protocol: string, Endpoint: string, Attributes: Input = {}): Promise<Recorded> {
    return this.call('Subscribe', { TopicArn, Protocol, Endpoint, Attributes });
  }

  /** Subscribes a queue, and lets the topic send to it. @returns the subscription's ARN */
  async subscribeQueue(sqs: SqsSteps, topic: string, queue: string, Attributes: Input = {}): Promise<string> {
    const arn = await sqs.arn(queue);
    await allow(sqs, queue, arn, topic);
    return textAt(worked(await this.subscribe(topic, 'sqs', arn, Attributes)), 'SubscriptionArn');
  }

  attributes(SubscriptionArn: string): Promise<Recorded> {
    return this.call('GetSubscriptionAttributes', { SubscriptionArn });
  }

  set(SubscriptionArn: string, AttributeName: string, value: unknown): Promise<Recorded> {
    const AttributeValue = typeof value === 'string' ? value : JSON.stringify(value);
    return this.call('SetSubscriptionAttributes', { SubscriptionArn, AttributeName, AttributeValue });
  }
}

/** A queue policy under which the topic may send. */
export const allow = (sqs: SqsSteps, queue: string, arn: string, topic: string): Promise<Recorded> =>
  sqs.set(queue, {
    Policy: JSON.stringify({
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'sns.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: arn,
          Condition: { ArnEquals: { 'aws:SourceArn': topic } },
        },
      ],
    }),
  });

export const snsAnswer = (status: number, text: string, result: string): Recorded => {
  const document = element.parse(parser.parse(text.replace(/^<\?xml[^>]*\?>/, '')));
  const root = element.parse(Object.values(document)[0]);
  if (status < 300) {
    const content = element.safeParse(root[result]);
    return withStatus(status, content.success ? element.parse(decoded('', content.data)) : {});
  }
  const { Type, Code, Message } = element.parse(root.Error);
  return withStatus(status, { Error: { Type, Code, Message } });
};

const decoded = (name: string, value: unknown): unknown => {
  const inner = element.safeParse(value);
  if (!inner.success)
    return value === '' && LISTS.has(name) ? [] : name === 'SenderFault' ? value === 'true' : value;
  if ('member' in inner.data) return listOf(inner.data.member).map((item) => decoded('', item));
  if ('entry' in inner.data) {
    const pairs = listOf(inner.data.entry).map((item) => element.parse(item));
    return Object.fromEntries(pairs.map(({ key, value: content }) => [String(key), content]));
  }
  return Object.fromEntries(Object.entries(inner.data).map(([key, item]) => [key, decoded(key, item)]));
};

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

const flatten = (form: URLSearchParams, prefix: string, input: object): void => {
  for (const [name, value] of Object.entries(input)) {
    const map = MAPS[name];
    if (map) {
      for (const [index, [key, item]] of Object.entries<unknown>(value).entries()) {
        form.set(`${prefix}${name}.entry.${index + 1}.${map[0]}`, key);
        put(form, `${prefix}${name}.entry.${index + 1}.${map[1]}`, item);
      }
    } else if (Array.isArray(value))
      for (const [index, item] of value.entries()) put(form, `${prefix}${name}.member.${index + 1}`, item);
    else put(form, `${prefix}${name}`, value);
  }
};

const put = (form: URLSearchParams, name: string, value: unknown): void => {
  if (typeof value === 'object' && value !== null) flatten(form, `${name}.`, value);
  else form.set(name, String(value));
};
