import { type AttributeValue, BatchWriteItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import type { App } from './app.ts';
import { patiently } from './patiently.ts';

const SENDERS = 10;

/** Posts each text as feedback, ten at a time; a caller that is throttled tries again. @returns the statuses, by text */
export const postFeedback = async (app: App, texts: readonly string[]): Promise<Map<string, number>> => {
  const statuses = new Map<string, number>();
  const left = texts[Symbol.iterator]();
  const send = async (): Promise<void> => {
    for (const text of left) statuses.set(text, await post(app, text));
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
  return statuses;
};

const post = async (app: App, message: string): Promise<number> => {
  const response = await patiently(() =>
    app.fetch('/v1/feedback', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message }),
    }),
  );
  await response.body?.cancel();
  return response.status;
};

/** What the consumer has kept of the feedback that begins with `prefix`: the texts by message id. */
export const keptFeedback = async (app: App, prefix: string): Promise<Map<string, string>> => {
  const kept = new Map<string, string>();
  const pages = paginateScan(
    { client: app.dynamodb },
    {
      TableName: app.output('FeedbackTableName'),
      FilterExpression: 'begins_with(message, :prefix)',
      ExpressionAttributeValues: { ':prefix': { S: prefix } },
    },
  );
  for await (const { Items = [] } of pages) {
    for (const { id, message } of Items) kept.set(id?.S ?? '', message?.S ?? '');
  }
  return kept;
};

const MOST_WRITES = 25;

export const forgetFeedback = async (app: App, ids: Iterable<string>): Promise<void> => {
  const table = app.output('FeedbackTableName');
  const requests = [...ids].map((id) => ({
    DeleteRequest: { Key: { id: { S: id } } satisfies Record<string, AttributeValue> },
  }));
  while (requests.length > 0) {
    const RequestItems = { [table]: requests.splice(0, MOST_WRITES) };
    const { UnprocessedItems } = await app.dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
    for (const { DeleteRequest } of UnprocessedItems?.[table] ?? []) {
      const id = DeleteRequest?.Key?.id?.S;
      if (id !== undefined) requests.push({ DeleteRequest: { Key: { id: { S: id } } } });
    }
  }
};
