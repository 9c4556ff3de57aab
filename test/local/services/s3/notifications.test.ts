import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { VirtualClock } from '../../../../local/clock.ts';
import type { NotificationConfiguration } from '../../../../local/services/s3/notification-configuration.ts';
import { type Storage, s3Client, startStorage } from './storage.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:Uploads';
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:Uploads';
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:on-upload';

let storage: Storage;
let client: S3Client;
let clock: VirtualClock;

const admitS3 = ({ iam }: Storage, arn: string, Action: string): void =>
  iam.putResourcePolicy(arn, 'AdmitS3', {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action, Resource: arn }],
  });

const toQueue = (events = ['s3:ObjectCreated:*'], filter = {}): NotificationConfiguration => [
  { id: 'to-queue', target: 'queue', arn: QUEUE, events, ...filter },
];

beforeEach(async () => {
  clock = new VirtualClock();
  storage = await startStorage({ clock });
  await storage.s3.createBucket('uploads');
  admitS3(storage, QUEUE, 'sqs:SendMessage');
  admitS3(storage, TOPIC, 'sns:Publish');
  admitS3(storage, FUNCTION, 'lambda:InvokeFunction');
  client = s3Client(storage);
});

afterEach(async () => {
  client.destroy();
  await storage.close();
});

const put = (Key: string, Body = 'hello') =>
  client.send(new PutObjectCommand({ Bucket: 'uploads', Key, Body }));
const eventsOf = async (count: number): Promise<string[]> =>
  (await storage.destinations.arrived(count)).map(({ body }) => body);

// Shape recorded on AWS, 21-01-2025.
test('an upload is told to the queue in the shape of AWS, in the name of the bucket', async () => {
  await storage.s3.putNotifications('uploads', toQueue());
  await put('a b/ü@1.jpg');

  const [, upload] = await storage.destinations.arrived(2);

  expect(upload?.caller).toEqual({
    kind: 'service',
    service: 's3.amazonaws.com',
    sourceArn: 'arn:aws:s3:::uploads',
  });
  expect(JSON.parse(upload?.body ?? '')).toEqual({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'us-east-1',
        eventTime: '2026-01-01T00:00:00.000Z',
        eventName: 'ObjectCreated:Put',
        userIdentity: { principalId: expect.any(String) },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: { 'x-amz-request-id': expect.any(String), 'x-amz-id-2': expect.any(String) },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'to-queue',
          bucket: {
            name: 'uploads',
            ownerIdentity: { principalId: expect.any(String) },
            arn: 'arn:aws:s3:::uploads',
          },
          object: {
            key: 'a+b/%C3%BC%401.jpg',
            size: 5,
            eTag: '5d41402abc4b2a76b9719d911017c592',
            sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
          },
        },
      },
    ],
  });
});

test('queue and topic are tested when they are new in the configuration, not at every start', async () => {
  const configuration: NotificationConfiguration = [
    ...toQueue(),
    { id: 't', target: 'topic', arn: TOPIC, events: ['s3:ObjectCreated:*'] },
    { id: 'f', target: 'function', arn: FUNCTION, events: ['s3:ObjectRemoved:*'] },
  ];

  await storage.s3.putNotifications('uploads', configuration);
  await storage.s3.putNotifications('uploads', configuration);
  await storage.s3.putNotifications('uploads', [...configuration].reverse());
  const tests = await storage.destinations.arrived(2);

  expect(tests.map(({ to }) => to).sort()).toEqual([TOPIC, QUEUE].sort());
  expect(JSON.parse(tests[0]?.body ?? '')).toMatchObject({ Event: 's3:TestEvent', Bucket: 'uploads' });
});

test('only what matches event, prefix and suffix is told', async () => {
  await storage.s3.putNotifications('uploads', [
    {
      id: 'f',
      target: 'function',
      arn: FUNCTION,
      events: ['s3:ObjectCreated:Copy', 's3:ObjectRemoved:*'],
      prefix: 'in/',
      suffix: '.jpg',
    },
  ]);
  await put('in/a.jpg');
  const copy = (Key: string) =>
    client.send(new CopyObjectCommand({ Bucket: 'uploads', Key, CopySource: 'uploads/in/a.jpg' }));
  await copy('out/a.jpg');
  await copy('in/a.png');
  await copy('in/b.jpg');
  await client.send(new DeleteObjectCommand({ Bucket: 'uploads', Key: 'in/b.jpg' }));

  const told = (await eventsOf(2)).map((body) => JSON.parse(body).Records[0]);

  expect(told.map(({ eventName }) => eventName)).toEqual(['ObjectCreated:Copy', 'ObjectRemoved:Delete']);
  expect(told[1].s3.object).toEqual({ key: 'in/b.jpg', sequencer: expect.any(String) });
  expect(told[1].s3.object.sequencer > told[0].s3.object.sequencer).toBe(true);
});

test('a destination that does not admit the bucket is refused when it is configured', async () => {
  const arn = 'arn:aws:sqs:us-east-1:000000000000:Closed';

  const refused = storage.s3.putNotifications('uploads', [
    { id: 'q', target: 'queue', arn, events: ['s3:ObjectCreated:*'] },
  ]);

  await expect(refused).rejects.toThrow('Unable to validate the following destination configurations');
});

test('an event that its queue refuses is told again', async () => {
  storage.destinations.refusing.add(QUEUE);
  await storage.s3.putNotifications('uploads', toQueue());
  await put('a');
  await storage.foundation.store.committed();

  storage.destinations.refusing.clear();
  clock.advance(1_000);
  const told = await eventsOf(2);

  expect(told.map((body) => JSON.parse(body).Event ?? JSON.parse(body).Records[0].eventName).sort()).toEqual([
    'ObjectCreated:Put',
    's3:TestEvent',
  ]);
});

test('an event that was acknowledged and not delivered is delivered after a restart, once', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'local-cloud-'));
  const before = await startStorage({ dataDir, clock });
  admitS3(before, QUEUE, 'sqs:SendMessage');
  before.destinations.refusing.add(QUEUE);
  await before.s3.createBucket('kept');
  await before.s3.putNotifications('kept', toQueue());
  await before.s3.put('kept', 'a', Buffer.from('hello'), { kind: 'account' });
  await before.close();

  const after = await startStorage({ dataDir, clock });
  clock.advance(1_000);
  const told = await after.destinations.arrived(2);
  await after.close();
  const once = await startStorage({ dataDir, clock });
  clock.advance(10_000);

  expect(told.map(({ to }) => to)).toEqual([QUEUE, QUEUE]);
  expect(once.destinations.delivered).toEqual([]);
  await once.close();
  await rm(dataDir, { recursive: true });
});

test('deleting what is not there is told like any other deletion (recorded on AWS, 21-01-2025)', async () => {
  await storage.s3.putNotifications('uploads', toQueue(['s3:ObjectRemoved:*']));

  await client.send(new DeleteObjectCommand({ Bucket: 'uploads', Key: 'never-there' }));

  const [, deletion] = await eventsOf(2);
  expect(JSON.parse(deletion ?? '')).toMatchObject({
    Records: [{ eventName: 'ObjectRemoved:Delete', s3: { object: { key: 'never-there' } } }],
  });
});

test('a destination that does not admit S3 is taken when its validation is to be skipped', async () => {
  const QueueArn = `${QUEUE}-closed`;
  const configure = (SkipDestinationValidation: boolean) =>
    client.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: 'uploads',
        NotificationConfiguration: { QueueConfigurations: [{ QueueArn, Events: ['s3:ObjectCreated:*'] }] },
        SkipDestinationValidation,
      }),
    );

  await expect(configure(false)).rejects.toMatchObject({ name: 'InvalidArgument' });
  await expect(configure(true)).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
});

test('what is no ARN is refused before any destination is asked (recorded on AWS, 21-01-2025)', async () => {
  const NotificationConfiguration = {
    QueueConfigurations: [`${QUEUE}-closed`, 'no-arn'].map((QueueArn) => ({
      QueueArn,
      Events: ['s3:ObjectCreated:*' as const],
    })),
  };

  const configured = client.send(
    new PutBucketNotificationConfigurationCommand({ Bucket: 'uploads', NotificationConfiguration }),
  );

  await expect(configured).rejects.toMatchObject({ message: 'The ARN could not be parsed' });
});
