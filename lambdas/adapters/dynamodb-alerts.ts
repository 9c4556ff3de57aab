import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Alerts } from '../domain/newsletter-ports.ts';
import { documents } from './documents.ts';

/** Alerts in a DynamoDB table with the partition key `id`: the same issue again takes its own place. */
export const dynamoDbAlerts = (table: string): Alerts => ({
  async keep({ issueId, topic, subject, body, publishedAt }) {
    const Item = { id: issueId, topic, subject, body, publishedAt };
    await documents.send(new PutCommand({ TableName: table, Item }));
  },
});
