import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SystemClock } from '../../../local/clock.ts';
import { parseFaultPlan } from '../../../local/faults/plan.ts';
import { type RunningCloud, startCloud } from '../../../local/start-cloud.ts';
import { until } from '../../../scenarios/app/until.ts';

const ROLE = 'arn:aws:iam::000000000000:role/all';

let directory: string;
let running: RunningCloud | undefined;
const clients: { destroy(): void }[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'faults-'));
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await running?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A cloud with these faults, a queue and clients that try once unless told otherwise. */
const cloudWith = async (...rules: readonly object[]) => {
  running = await startCloud({ port: 0, dataDir: directory, faults: parseFaultPlan({ rules }, 'test') });
  const { cloud, endpoint } = running;
  cloud.iam.putRole(ROLE, {
    all: { Statement: [{ Effect: 'Allow', Action: ['kinesis:*', 'sqs:*'], Resource: '*' }] },
  });
  const { arn, url } = await cloud.sqs.createQueue({
    name: 'jobs',
    attributes: { VisibilityTimeout: '600' },
  });
  const client = <Client extends { destroy(): void }>(
    Class: new (config: object) => Client,
    maxAttempts = 1,
  ): Client => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const made = new Class({ endpoint, region: 'us-east-1', credentials, maxAttempts });
    clients.push(made);
    return made;
  };
  const sqs = client(SQSClient);
  cloud.faults?.start();
  return {
    cloud,
    client,
    arn,
    url,
    send: (body: string, by = sqs) => by.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body })),
    receive: async (waitSeconds = 0) => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: waitSeconds }),
      );
      return Messages.map(({ Body }) => Body);
    },
    injected: () =>
      cloud.trace
        .events()
        .filter(({ service }) => service === 'faults')
        .map(({ action }) => action),
  };
};

type TestCloud = Awaited<ReturnType<typeof cloudWith>>;

/** A function that notes each of its invocations in a file before it goes on. */
const noting = async ({ cloud }: TestCloud, after = '') => {
  const file = join(directory, 'notes');
  const { arn } = await cloud.lambda.createFunction({
    name: 'noting',
    roleArn: ROLE,
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    environment: { NOTES: file },
    code: {
      inline: `exports.handler = async (event) => {
        require('node:fs').appendFileSync(process.env.NOTES, JSON.stringify(event.Records ?? event) + '\\n');
        ${after}
      };`,
    },
  });
  return { arn, notes: () => readFileSync(file, 'utf8').split('\n').filter(Boolean) };
};

const moved = ({ cloud: { clock } }: TestCloud, ms: number): void => {
  if (clock instanceof SystemClock) clock.advance(ms);
};

test('throttle: refused with the code of the service, and a client that tries again gets through', async () => {
  const cloud = await cloudWith({
    fault: 'throttle',
    service: 'sqs',
    action: 'SendMessage',
    every: 1,
    limit: 2,
  });

  const refused = cloud.send('first');
  await expect(refused).rejects.toMatchObject({ name: 'RequestThrottled' });
  await cloud.send('second', cloud.client(SQSClient, 3));

  expect(await cloud.receive()).toEqual(['second']);
  expect(cloud.injected()).toEqual(['throttle', 'throttle']);
});

test('fail: answered 503, and nothing is done', async () => {
  const cloud = await cloudWith({ fault: 'fail', service: 'sqs', action: 'SendMessage', at: 1 });

  await expect(cloud.send('first')).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });

  expect(await cloud.receive()).toEqual([]);
});

test('drop-acknowledgement: the message is there, and its sender saw the connection break', async () => {
  const cloud = await cloudWith({
    fault: 'drop-acknowledgement',
    service: 'sqs',
    action: 'SendMessage',
    at: 1,
  });

  await expect(cloud.send('kept')).rejects.toThrow(/socket hang up|ECONNRESET/);

  expect(await cloud.receive()).toEqual(['kept']);
  expect(cloud.injected()).toEqual(['drop-acknowledgement']);
});

test('drop-acknowledgement over HTTP/2: the record is there, and the same client goes on', async () => {
  const cloud = await cloudWith({ fault: 'drop-acknowledgement', service: 'kinesis', at: 1 });
  const stream = await cloud.cloud.kinesis.createStream({ name: 'activity' });
  const kinesis = cloud.client(KinesisClient);
  const put = (text: string) =>
    kinesis.send(
      new PutRecordCommand({ StreamName: 'activity', PartitionKey: 'key', Data: Buffer.from(text) }),
    );

  await expect(put('first')).rejects.toThrow();
  await put('second');

  const { records } = cloud.cloud.kinesis.read(stream.arn, 'shardId-000000000000', 0, 10);
  expect(records).toHaveLength(2);
});

test('duplicate-delivery: a message comes twice, though the first receive holds it', async () => {
  const cloud = await cloudWith({ fault: 'duplicate-delivery', service: 'sqs', resource: 'jobs', at: 1 });
  await cloud.send('job');

  const bodies = [...(await cloud.receive()), ...(await cloud.receive()), ...(await cloud.receive())];

  expect(bodies).toEqual(['job', 'job']);
});

test('duplicate-delivery of a topic: its queue gets a second copy', async () => {
  const cloud = await cloudWith({ fault: 'duplicate-delivery', service: 'sns', at: 1 });
  const topicArn = await subscribed(cloud);

  await cloud.client(SNSClient).send(new PublishCommand({ TopicArn: topicArn, Message: 'news' }));

  await until(
    'two copies',
    () => cloud.cloud.sqs.depth(cloud.arn).visible,
    (count) => count === 2,
  );
  expect(await cloud.receive()).toEqual(['news', 'news']);
});

test('delay-delivery: nothing is there until then', async () => {
  const cloud = await cloudWith({ fault: 'delay-delivery', service: 'sqs', every: 1, ms: 300 });
  await cloud.send('late');

  const atOnce = await cloud.receive();
  const later = await cloud.receive(5);

  expect([atOnce, later]).toEqual([[], ['late']]);
});

test('duplicate-delivery of a stream: a batch that was done comes once more', async () => {
  const cloud = await cloudWith({ fault: 'duplicate-delivery', service: 'kinesis', at: 1 });
  const { arn } = await cloud.cloud.kinesis.createStream({ name: 'activity' });
  const { notes } = await noting(cloud);
  cloud.cloud.lambda.eventSourceMappings.create({
    functionName: 'noting',
    eventSourceArn: arn,
    settings: { StartingPosition: 'TRIM_HORIZON' },
  });

  const record = { StreamName: 'activity', PartitionKey: 'key', Data: Buffer.from('x') };
  await cloud.client(KinesisClient).send(new PutRecordCommand(record));

  await until('both deliveries', notesOr(notes), ({ length }) => length === 2);
  expect(new Set(notes()).size).toBe(1);
});

test('kill-environment: the process dies in the midst, and the next invocation has a new one', async () => {
  const cloud = await cloudWith({ fault: 'kill-environment', resource: 'noting', at: 1, afterMs: 50 });
  const { notes } = await noting(
    cloud,
    'if (!event.quick) await new Promise((done) => setTimeout(done, 5000));',
  );
  const lambda = cloud.client(LambdaClient);
  const invoke = (event: object) =>
    lambda.send(new InvokeCommand({ FunctionName: 'noting', Payload: JSON.stringify(event) }));

  const killed = await invoke({});
  const next = await invoke({ quick: true });

  expect(JSON.parse(killed.Payload?.transformToString() ?? '')).toMatchObject({
    errorType: 'Runtime.ExitError',
  });
  expect(next.FunctionError).toBeUndefined();
  expect(notes()).toHaveLength(2);
  expect(cloud.injected()).toEqual(['kill-environment']);
});

test('throttle of a function: its caller is told so, and it does not run', async () => {
  const cloud = await cloudWith({ fault: 'throttle', service: 'lambda', at: 1 });
  const { notes } = await noting(cloud);
  const lambda = cloud.client(LambdaClient);

  const refused = lambda.send(new InvokeCommand({ FunctionName: 'noting' }));
  await expect(refused).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  await lambda.send(new InvokeCommand({ FunctionName: 'noting' }));

  expect(notes()).toHaveLength(1);
});

test.each([['throttle'], ['fail']])(
  '%s of a function: an event that was accepted waits, and runs',
  async (fault) => {
    const cloud = await cloudWith({ fault, service: 'lambda', at: 1 });
    const { arn, notes } = await noting(cloud);

    await cloud.cloud.lambda.invokeAsync(arn, '{"event":1}', { kind: 'account' });
    await until(
      'the fault',
      async () => cloud.injected(),
      (injected) => injected.length === 1,
    );
    moved(cloud, 1_000);
    const noted = await until(
      'the event',
      async () => (existsSync(join(directory, 'notes')) ? notes() : []),
      ({ length }) => length === 1,
    );

    expect(noted).toEqual(['{"event":1}']);
  },
);

test('clock-jump: what is due in an hour is due at once', async () => {
  const cloud = await cloudWith({ fault: 'clock-jump', afterMs: 20, ms: 3_600_000 });
  const before = cloud.cloud.clock.now();

  await until('the jump', cloud.injected, ({ length }) => length === 1);

  expect(cloud.cloud.clock.now() - before).toBeGreaterThanOrEqual(3_600_000);
  expect(cloud.cloud.trace.events()).toContainEqual(
    expect.objectContaining({ action: 'clock-jump', ids: { rule: 1, ms: 3_600_000, afterMs: 20 } }),
  );
});

/** A topic whose messages go into the queue as they are. */
const subscribed = async ({ cloud, arn }: TestCloud): Promise<string> => {
  const topicArn = 'arn:aws:sns:us-east-1:000000000000:news';
  await cloud.sns.createTopic({ name: 'news' });
  await cloud.sqs.setPolicy(arn, {
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arn,
      },
    ],
  });
  await cloud.sns.subscribe({
    topicArn,
    protocol: 'sqs',
    endpoint: arn,
    attributes: { RawMessageDelivery: 'true' },
  });
  return topicArn;
};

/** What was noted so far: before the first invocation there is no file. */
const notesOr = (notes: () => string[]) => (): string[] => {
  try {
    return notes();
  } catch {
    return [];
  }
};
