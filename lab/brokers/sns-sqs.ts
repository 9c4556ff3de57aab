import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Broker, Lane } from '../broker.ts';
import { startConsumer } from '../consumers/consumer-process.ts';
import { clientConfig } from '../targets/client-config.ts';
import type { CloudTarget } from '../targets/target.ts';
import { lateSubscription } from './late-subscription.ts';
import { outcomeOf } from './outcome.ts';
import { depthOf, VISIBILITY_SECONDS } from './queue-lane.ts';

/** Amazon SNS with a queue of Amazon SQS for each subscriber. */
export const snsSqs = (target: CloudTarget): Broker => ({
  name: 'sns-sqs',
  version: target.version,
  fanOut: true,
  open: async (run, groups) => topicLane(target, run, groups),
});

/** The groups that are known beforehand read the stack's queues; one that comes later subscribes a queue of its own. */
const topicLane = ({ endpoint, resources }: CloudTarget, run: string, groups: readonly string[]): Lane => {
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
        outcomeOf(() =>
          sns.send(new PublishCommand({ TopicArn: resources.topicArn, Message: JSON.stringify(message) })),
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
        options,
        { onReceived, run },
      ),
    backlog: async (group) => depthOf(sqs, await queueOf(group)),
    close: async () => {
      for (const subscription of late) await subscription.remove();
      sns.destroy();
      sqs.destroy();
    },
  };
};
