import { type Replay, textAt } from '../replay.ts';
import { SnsSteps } from '../wire/sns.ts';
import { SqsSteps } from '../wire/sqs.ts';

export const number = (StringValue: string) => ({ attr1: { DataType: 'Number', StringValue } });
export const token =
  '51b2ff3edb475b7d91550e0ab6edf0c1de2a34e6ebaf6c2262a001bcb7e051c43aa00022ceecce70bd2a67b2042da8d8eb47fef7a4e4e942d23e7fa56146b9ee35da040b4b8af564cc4184a7391c834cb75d75c22981f776ad1ce8805e9bab29da2329985337bb8095627907b46c8577c8440556b6f86582a954758026f41fc62041c4b3f67b0f5921232b5dae5aaca1';

/** A topic with a queue subscribed to it. */
export const subscribed = async (replay: Replay, attributes: Readonly<Record<string, string>> = {}) => {
  const sns = new SnsSteps(replay);
  const sqs = new SqsSteps(replay, 'json');
  const topic = await sns.topic();
  const queue = await sqs.queue();
  const subscription = await sns.subscribeQueue(sqs, topic, queue, attributes);
  const receive = () =>
    sqs.receive(queue, { MessageAttributeNames: ['All'], VisibilityTimeout: 0, WaitTimeSeconds: 4 });
  return { sns, sqs, topic, queue, subscription, receive };
};

export const byBody = (messages: readonly unknown[]): unknown[] =>
  [...messages].sort((a, b) => (textAt(a, 'Body') < textAt(b, 'Body') ? -1 : 1));
