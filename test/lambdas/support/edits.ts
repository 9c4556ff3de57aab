import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Edit, EditStore } from '../../../lambdas/domain/edits.ts';
import type { EditRequested } from '../../../lambdas/messages/edit-messages.ts';
import { NOW, trace } from './jobs.ts';

export const IMAGE = 'image-1';

/** The `k`th edit of the image can be told by its width. */
export const anEdit = (k: number, imageId = IMAGE): EditRequested => ({
  specversion: '1.0',
  id: `${imageId}:edit:${k}`,
  source: 'urn:test',
  type: 'serverless-ipc.edit.requested.v1',
  time: NOW,
  subject: imageId,
  datacontenttype: 'application/json',
  traceparent: trace.traceparent,
  correlationid: trace.correlationId,
  causationid: 'cause',
  data: { imageId, operation: { op: 'resize', width: 100 + k } },
});

/** A store that behaves as its contract says. */
export class MemoryEdits implements EditStore {
  readonly stored: Edit[] = [];

  async last(imageId: string): Promise<Edit | undefined> {
    return this.stored.findLast((edit) => edit.imageId === imageId);
  }

  async find(imageId: string, requestId: string, since: string): Promise<Edit | undefined> {
    return this.stored.find(
      (edit) => edit.imageId === imageId && edit.requestId === requestId && edit.appliedAt >= since,
    );
  }

  async append(edit: Edit): Promise<boolean> {
    const taken = this.stored.some(({ imageId, n }) => imageId === edit.imageId && n === edit.n);
    if (!taken) this.stored.push(edit);
    return !taken;
  }

  async list(imageId: string, { after, limit }: { after: number; limit: number }): Promise<readonly Edit[]> {
    return this.stored.filter((edit) => edit.imageId === imageId && edit.n > after).slice(0, limit);
  }
}

/** Makes the table of edits in the DynamoDB that `startTable` has started. */
export const createEditTable = async (TableName: string): Promise<string> => {
  const client = new DynamoDBClient({});
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'imageId', AttributeType: 'S' },
        { AttributeName: 'n', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'imageId', KeyType: 'HASH' },
        { AttributeName: 'n', KeyType: 'RANGE' },
      ],
    }),
  );
  client.destroy();
  return TableName;
};
