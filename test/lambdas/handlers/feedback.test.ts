import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { logged } from '../support/log.ts';
import { sqsRecord } from '../support/records.ts';
import { startTable, type Table } from '../support/table.ts';

let tables: Table;
let table: string;
let handler: (event: SQSEvent) => Promise<SQSBatchResponse>;
beforeAll(async () => {
  tables = await startTable();
  table = await tables.create({
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  process.env.FEEDBACK_TABLE = table;
  handler = (await import('../../../lambdas/keep-feedback/handler.ts')).handler;
});
afterAll(() => tables.close());

/** What is kept under ids that start with `prefix`, by id. */
const kept = async (prefix: string) => {
  const client = new DynamoDBClient({});
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
  client.destroy();
  return Items.filter(({ id }) => id?.S?.startsWith(prefix));
};

test('feedback is kept under the id of its message, with when the queue took it', async () => {
  const body = JSON.stringify({ message: 'Nice &DelaySeconds=900', rating: 5 });

  await handler({ Records: [sqsRecord('kept', body)] });

  expect(await kept('kept')).toEqual([
    {
      id: { S: 'kept' },
      message: { S: 'Nice &DelaySeconds=900' },
      rating: { N: '5' },
      receivedAt: { S: '1970-01-01T00:00:00.000Z' },
    },
  ]);
});

test('a message that is delivered again changes nothing', async () => {
  const first = sqsRecord('twice', '{"message":"first"}');
  await handler({ Records: [first] });

  const again = await handler({ Records: [{ ...first, body: '{"message":"second"}' }] });

  expect(again).toEqual({ batchItemFailures: [] });
  expect(await kept('twice')).toMatchObject([{ message: { S: 'first' } }]);
});

test.each([
  ['no JSON', 'garbage'],
  ['no message', '{"rating":5}'],
  ['a rating out of range', '{"message":"x","rating":6}'],
  ['something that the schema does not know', '{"message":"x","id":"mine"}'],
])('a body with %s fails alone: its neighbours are kept', async (_case, body) => {
  const good = sqsRecord(`beside ${_case}`, '{"message":"good"}');
  let answer: SQSBatchResponse | undefined;

  const lines = await logged(async () => {
    answer = await handler({ Records: [sqsRecord('bad', body), good] });
  });

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'bad' }] });
  expect(await kept(`beside ${_case}`)).toHaveLength(1);
  expect(await kept('bad')).toEqual([]);
  expect(lines.join()).toContain('"record":"bad"');
});

test('a table that does not answer leaves the message to the queue', async () => {
  const { dynamoDbFeedbackStore } = await import('../../../lambdas/adapters/dynamodb-feedback-store.ts');

  const keeping = dynamoDbFeedbackStore('no-such-table').keep({ id: 'x', message: 'x', receivedAt: 'now' });

  await expect(keeping).rejects.toThrow('Requested resource not found');
});
