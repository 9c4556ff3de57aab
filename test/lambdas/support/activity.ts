import { once } from 'node:events';
import { createServer, type ServerHttp2Session } from 'node:http2';
import { buffer } from 'node:stream/consumers';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { CloudEvent } from '../../../lambdas/messages/cloud-event.ts';
import { aClientOf } from './endpoint.ts';
import { NOW, trace } from './jobs.ts';

export const anEvent = (id: string, subject = id, type = 'test.happened.v1'): CloudEvent => ({
  specversion: '1.0',
  id,
  source: 'urn:test',
  type,
  time: NOW,
  subject,
  datacontenttype: 'application/json',
  traceparent: trace.traceparent,
  correlationid: trace.correlationId,
  causationid: 'cause',
  data: { id },
});

/** Makes the table of counts in the DynamoDB that `startTable` has started. */
export const createCounts = async (TableName: string): Promise<string> => {
  const client = new DynamoDBClient({});
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['minute', 'series'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [
        { AttributeName: 'minute', KeyType: 'HASH' },
        { AttributeName: 'series', KeyType: 'RANGE' },
      ],
    }),
  );
  client.destroy();
  return TableName;
};

const PutRecords = z.object({ Records: z.array(z.object({ PartitionKey: z.string(), Data: z.base64() })) });

export interface StubKinesis {
  /** The entries of each call that came, decoded. */
  readonly calls: { key: string; text: string }[][];
  /** Which keys the next calls refuse, call by call; a call that is not named here takes everything. */
  readonly refusals: string[][];
  close(): Promise<void>;
}

/** The little of Kinesis that a producer calls, over HTTP/2 as its client speaks it. */
export const startStubKinesis = async (): Promise<StubKinesis> => {
  const calls: StubKinesis['calls'] = [];
  const refusals: string[][] = [];
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', async (stream) => {
    const { Records } = PutRecords.parse(JSON.parse((await buffer(stream)).toString()));
    const entries = Records.map(({ PartitionKey, Data }) => ({
      key: PartitionKey,
      text: Buffer.from(Data, 'base64').toString(),
    }));
    calls.push(entries);
    const refused = refusals.shift() ?? [];
    stream.respond({ ':status': 200, 'content-type': 'application/x-amz-json-1.1' });
    stream.end(
      JSON.stringify({ Records: entries.map(({ key }) => (refused.includes(key) ? THROTTLED : TAKEN)) }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the server does not listen on a port');
  aClientOf('KINESIS', `http://127.0.0.1:${address.port}`);
  return {
    calls,
    refusals,
    async close() {
      for (const session of sessions) session.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
};

const TAKEN = { SequenceNumber: '1', ShardId: 'shardId-000000000000' };
const THROTTLED = { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded' };
