import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { attributes } from './message-content.ts';

const sns = new SNSClient({});

interface Publisher {
  publish(event: { readonly type: string }): Promise<void>;
}

/** The type is repeated as an attribute, so that subscriptions can filter on it. */
export const snsPublisher = (topicArn: string): Publisher => ({
  async publish(event) {
    await sns.send(
      new PublishCommand({
        TopicArn: topicArn,
        Message: JSON.stringify(event),
        MessageAttributes: attributes({ type: event.type }),
      }),
    );
  },
});
