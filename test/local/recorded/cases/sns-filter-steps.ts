import { listAt, pythonJson, type Replay } from '../replay.ts';
import { SnsSteps } from '../wire/sns.ts';
import { SqsSteps } from '../wire/sqs.ts';
import { all } from './sns-publishing.ts';
import { byBody, subscribed } from './sns-subscription-steps.ts';

export const numbered = (name: string, StringValue: string) => ({
  MessageAttributes: { [name]: { DataType: 'Number', StringValue } },
});
export const range = { attr1: [{ numeric: ['>', 0, '<=', 100] }] };
export const raw = { RawMessageDelivery: 'true' };
export const values = (count: number) => Array.from({ length: count }, (_, index) => `value${index}`);

/** A queue that gets what the policy lets through of the messages' bodies. */
export const filtered = async (replay: Replay, policy: object, scope = 'MessageBody', more = {}) => {
  const attributes = { ...more, FilterPolicyScope: scope, FilterPolicy: JSON.stringify(policy) };
  return subscribed(replay, attributes);
};

export const throughBody = async (
  replay: Replay,
  label: string,
  policy: object,
  messages: readonly object[],
) => {
  const { sns, sqs, topic, queue } = await filtered(replay, policy, 'MessageBody', raw);
  for (const message of messages) await sns.publish(topic, pythonJson(message));
  replay.note(label, { Messages: byBody(await sqs.collect(queue, messages.length, all)) });
};

/** Subscribes with each policy, and notes each refusal; a queue stands for the recorded phone. */
export const refusals = async (
  replay: Replay,
  policies: Readonly<Record<string, object>>,
  scope = 'MessageAttributes',
) => {
  const sns = new SnsSteps(replay);
  const sqs = new SqsSteps(replay);
  const topic = await sns.topic();
  const queue = await sqs.arn(await sqs.queue());
  for (const [label, policy] of Object.entries(policies)) {
    const attributes = { FilterPolicy: pythonJson(policy), FilterPolicyScope: scope };
    replay.note(label, await sns.subscribe(topic, 'sqs', queue, attributes));
  }
};

export const key = (condition: unknown) => ({ key: condition });
export const numeric = (...condition: readonly unknown[]) => key([{ numeric: condition }]);

export const s3Event = (eventName: string, object: unknown) => ({
  eventSource: 'aws:s3',
  eventTime: '2022-11-21T03:41:29.743Z',
  eventName,
  s3: { bucket: { name: 'insurance-bucket-demo', arn: 'arn:aws:s3:::insurance-bucket-demo' }, object },
});

export const fromAddress = (id: string, detail: object) => ({
  id,
  source: 'test-source',
  'detail-type': 'test-detail-type',
  account: '123456789012',
  region: 'my-region',
  time: '2022-07-13T13:48:01Z',
  detail,
});

export const expectNothing = (received: unknown): void => {
  if (listAt(received, 'Messages').length > 0)
    throw new Error('a message passed that the policy filters out');
};
