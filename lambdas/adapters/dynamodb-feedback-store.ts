import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { FeedbackStore } from '../domain/feedback.ts';
import { documents, unlessRefused } from './documents.ts';

/** Feedback in a DynamoDB table with the partition key `id`. The first write of an id stays. */
export const dynamoDbFeedbackStore = (table: string): FeedbackStore => ({
  async keep(feedback) {
    await unlessRefused(
      documents.send(
        new PutCommand({ TableName: table, Item: feedback, ConditionExpression: 'attribute_not_exists(id)' }),
      ),
    );
  },
});
