import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningCloud, startCloud } from '../../../../local/start-cloud.ts';
import { printTrace } from '../../../../scenarios/app/trace/print.ts';
import { traceOf } from '../../../../scenarios/app/trace/tree.ts';
import { until } from '../../../../scenarios/app/until.ts';

const ROLE = 'arn:aws:iam::000000000000:role/all';

let directory: string;
let running: RunningCloud;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'given-up-'));
  running = await startCloud({ port: 0, dataDir: directory });
});
afterEach(async () => {
  await running.close();
  rmSync(directory, { recursive: true, force: true });
});

test('a record of a stream is followed through its attempts to where it was given up, and to whom that was told', async () => {
  const { cloud } = running;
  cloud.iam.putRole(ROLE, {
    all: { Statement: [{ Effect: 'Allow', Action: ['kinesis:*', 'sqs:*'], Resource: '*' }] },
  });
  const { arn: Destination } = await cloud.sqs.createQueue({ name: 'lost', attributes: {} });
  const { name, arn: eventSourceArn } = await cloud.kinesis.ensureStream({ name: 'activity', shardCount: 1 });
  const inline = 'exports.handler = async () => { throw new Error("always"); };';
  await cloud.lambda.createFunction({
    name: 'reader',
    roleArn: ROLE,
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    code: { inline },
  });
  cloud.lambda.eventSourceMappings.ensure({
    functionName: 'reader',
    eventSourceArn,
    settings: {
      StartingPosition: 'TRIM_HORIZON',
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination } },
    },
  });

  await putRecord(name, 'image-7');
  await until(
    'the failure to be told',
    async () => cloud.trace.events().map(({ action }) => action),
    (actions) => actions.includes('SendMessage'),
  );

  const events = cloud.trace.events().map((event) => ({ ids: {}, ...event }));
  const lines = printTrace(traceOf(events, 'image-7')).split('\n');
  expect(lines.map((line) => line.replace(/^ *\+\d+ ms {2}/, '').replace(/[\d.]+ ms/g, '_'))).toEqual([
    'kinesis  PutRecord stream/activity  shardId shardId-000000000000',
    expect.stringMatching(/^ {2}lambda {2}reader {2}attempt 1, error in _/),
    expect.stringMatching(/^ {2}lambda {2}reader {2}attempt 2, error in _/),
    '  lambda  GiveUp stream/activity  condition RetryAttemptsExhausted  shardId shardId-000000000000',
    expect.stringMatching(/^ {2}sqs {2}lost {2}message [0-9a-f]{8}, not received yet$/),
  ]);
}, 20_000);

/** As a client: what is put is traced where requests are answered. */
const putRecord = async (StreamName: string, PartitionKey: string): Promise<void> => {
  const response = await fetch(running.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Kinesis_20131202.PutRecord',
      authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/aws4_request',
    },
    body: JSON.stringify({ StreamName, PartitionKey, Data: 'aGVsbG8=' }),
  });
  expect(response.status).toBe(200);
};
