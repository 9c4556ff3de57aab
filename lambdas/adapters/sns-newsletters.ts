import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Newsletters } from '../domain/newsletter-ports.ts';
import { attributes } from './message-content.ts';

const sns = new SNSClient({});

/** What subscriptions filter by is repeated as attributes. */
export const snsNewsletters = (topicArn: string): Newsletters => ({
  async publish(message) {
    await sns.send(
      new PublishCommand({
        TopicArn: topicArn,
        Message: JSON.stringify(message),
        MessageAttributes: attributes({ type: message.type, topic: message.data.topic }),
      }),
    );
  },
});
