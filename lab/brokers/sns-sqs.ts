import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Broker, Lane, LaneOptions } from '../broker.ts';
import { startConsumer } from '../consumers/consumer-process.ts';
import { toText } from '../formats/index.ts';
import { clientConfig } from '../targets/client-config.ts';
import type { CloudTarget } from '../targets/target.ts';
import { answerOf } from './answer.ts';
import { lateSubscription } from './late-subscription.ts';
import { queueAnswers, VISIBILITY_SECONDS } from './queue-lane.ts';

/** Amazon SNS with a queue of Amazon SQS for each subscriber. */
export const snsSqs = (target: CloudTarget): Broker => ({
  name: 'sns-sqs',
  version: target.version,
  fanOut: true,
  ...(target.outage && { outage: target.outage }),
  open: async (options) => topicLane(target, options),
});

/** The groups that are known beforehand read the stack's queues; one that comes later subscribes a queue of its own. */
const topicLane = ({ endpoint, resources }: CloudTarget, { run, groups, format }: LaneOptions): Lane => {
  const sns = new SNSClient(clientConfig(endpoint));
  const sqs = new SQSClient(clientConfig(endpoint));
  const queues = new Map<string, string>();
  for (const [index, group] of groups.entries()) {
    const queueUrl = resources.copyQueueUrls[index];
    if (queueUrl === undefined)
      throw new Error(`The lab's topic has no queue for a group number ${index + 1}`);
    queues.set(group, queueUrl);
  }
  const late: { remove(): Promise<void> }[] = [];
  const queueOf = async (group: string): Promise<string> => {
    const known = queues.get(group);
    if (known !== undefined) return known;
    const subscription = await lateSubscription(sns, sqs, resources.topicArn, `lab-${run}-${group}`);
    late.push(subscription);
    queues.set(group, subscription.queueUrl);
    return subscription.queueUrl;
  };
  return {
    producer: async () => ({
      send: (message) =>
        answerOf(() =>
          sns.send(
            new PublishCommand({
              TopicArn: resources.topicArn,
              Message: toText(format, format.encode(message)),
            }),
          ),
        ),
      close: async () => undefined,
    }),
    consumer: async (options, onReceived) =>
      startConsumer(
        {
          kind: 'queue',
          queueUrl: await queueOf(options.group),
          visibilitySeconds: VISIBILITY_SECONDS,
          ...(endpoint && { endpoint }),
        },
        { ...options, run, format: format.name },
        { onReceived },
      ),
    answers: () => queueAnswers(sqs, resources.queueUrl),
    close: async () => {
      for (const subscription of late) await subscription.remove();
      sns.destroy();
      sqs.destroy();
    },
  };
};
