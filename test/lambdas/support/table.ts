import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { aClientOf, portOf } from './endpoint.ts';

const dynalite: (options: { createTableMs: number }) => Server = createRequire(import.meta.url)('dynalite');

export interface Table {
  /** Makes an empty table, of jobs unless another definition is given, and returns its name. */
  create(definition?: TableDefinition): Promise<string>;
  close(): Promise<void>;
}

/** DynamoDB on a free port; clients that are made from now on find it. */
export const startTable = async (): Promise<Table> => {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${portOf(server)}`;
  aClientOf('DYNAMODB', endpoint);
  const client = new DynamoDBClient({ endpoint });
  let tables = 0;

  return {
    async create(definition = jobsTable) {
      tables += 1;
      const TableName = `table-${tables}`;
      await client.send(new CreateTableCommand({ TableName, ...definition }));
      await waitUntilTableExists({ client, minDelay: 0.01, maxDelay: 0.01, maxWaitTime: 5 }, { TableName });
      return TableName;
    },
    async close() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};

type TableDefinition = Omit<ConstructorParameters<typeof CreateTableCommand>[0], 'TableName'>;

const jobsTable = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['id', 'owner', 'createdAt'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byOwner',
      KeySchema: [
        { AttributeName: 'owner', KeyType: 'HASH' },
        { AttributeName: 'createdAt', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
} satisfies TableDefinition;

/** As `PushChannel` makes it. */
export const connectionsTable = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['subject', 'connectionId'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: [
    { AttributeName: 'subject', KeyType: 'HASH' },
    { AttributeName: 'connectionId', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byConnection',
      KeySchema: [{ AttributeName: 'connectionId', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
} satisfies TableDefinition;

/** Of what has nothing but a job to be found by. */
export const webhooksTable = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'jobId', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'jobId', KeyType: 'HASH' }],
} satisfies TableDefinition;
