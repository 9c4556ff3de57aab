import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { App } from './app.ts';

/** Allows a topic, and nobody else outside its account, to send to a queue. */
export const letTopicIn = async (
  app: App,
  topicArn: string,
  queue: { readonly url: string; readonly arn: string },
): Promise<void> => {
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queue.arn,
    Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await app.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { Policy } }));
};
