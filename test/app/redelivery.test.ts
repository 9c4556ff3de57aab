import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { jpeg, slowOperations } from '../support/images.ts';
import { startTestApp, type TestApp } from '../support/local-app.ts';

let running: TestApp;
let config: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
};
beforeEach(async () => {
  running = await startTestApp();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  config = { endpoint: running.booted.endpoint, region: 'us-east-1', credentials };
});
afterEach(() => running.close());

const upload = async (image: Uint8Array<ArrayBuffer>, operations: readonly object[]) => {
  const { jobs } = running.app;
  const job = await jobs.request({ contentType: 'image/jpeg', contentLength: image.byteLength, operations });
  await jobs.upload(job, image, 'image/jpeg');
  return job;
};

const until = async (condition: () => Promise<boolean>, what: string): Promise<void> => {
  for (let round = 0; round < 3000; round += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`never came true: ${what}`);
};

const auditKeys = async (): Promise<string[]> => {
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: running.app.output('AuditBucketName') }),
  );
  s3.destroy();
  return Contents.map(({ Key = '' }) => Key);
};

test('a worker killed in the middle of an image costs an attempt, and nothing else', async () => {
  const job = await upload(await jpeg(2000, 1500), slowOperations);
  await until(
    async () => (await running.app.jobs.get(job.id)).status === 'processing',
    'the worker has the job',
  );

  await running.local.killEnvironment(running.app.output('ProcessImageFunctionName'));
  await running.local.skipTime(10 * 60_000);
  const ended = await running.app.jobs.waitFor(job.id);

  expect(ended).toMatchObject({ status: 'succeeded', attempt: 2 });
  expect(ended.history.filter(({ status }) => status === 'succeeded')).toHaveLength(1);
  await until(async () => (await auditKeys()).length === 1, 'the audit has its copy');
});

test('a handler that always throws ends in the dead-letter queue after five receives, and the job as failed', async () => {
  const lambda = new LambdaClient(config);
  await lambda.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName: running.app.output('ProcessImageFunctionName'),
      Environment: {
        Variables: {
          JOBS_TABLE: 'missing',
          UPLOADS_BUCKET: 'missing',
          RESULTS_BUCKET: 'missing',
          JOB_EVENTS_TOPIC_ARN: 'missing',
          JOB_CHANGES_QUEUE_URL: 'missing',
        },
      },
    }),
  );
  const jobsQueue = running.app.output('JobsQueueUrl');
  const job = await upload(await jpeg(300, 200), [{ op: 'flip' }]);

  for (let receive = 1; receive <= 5; receive += 1) {
    await until(
      async () =>
        (await running.app.depth(jobsQueue)).inFlight === 1 ||
        (await running.app.jobs.get(job.id)).status === 'failed',
      `receive ${receive}`,
    );
    await running.local.skipTime(10 * 60_000);
  }
  const ended = await running.app.jobs.waitFor(job.id);
  lambda.destroy();

  expect(ended).toMatchObject({
    status: 'failed',
    error: { type: expect.stringContaining('processing-exhausted') },
  });
  await until(
    async () => (await running.app.depth(running.app.output('JobsDeadLettersUrl'))).waiting === 1,
    'the message waits in the dead-letter queue',
  );
});

test('the same upload notified twice has one effect', async () => {
  const job = await upload(await jpeg(300, 200), [{ op: 'flip' }]);
  const first = await running.app.jobs.waitFor(job.id);

  const uploads = running.app.output('UploadsQueueUrl');
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'us-east-1',
    eventTime: new Date().toISOString(),
    eventName: 'ObjectCreated:Post',
    s3: {
      bucket: { name: job.upload.url.split('/').at(-1) },
      object: { key: `uploads/${job.id}`, size: 1, eTag: 'x', sequencer: '1' },
    },
  };
  await running.app.sqs.send(
    new SendMessageCommand({ QueueUrl: uploads, MessageBody: JSON.stringify({ Records: [record] }) }),
  );
  await until(
    async () =>
      (await running.app.depth(uploads)).waiting === 0 && (await running.app.depth(uploads)).inFlight === 0,
    'the notification is handled',
  );
  const second = await running.app.jobs.get(job.id);

  expect(second).toEqual(first);
  await until(async () => (await auditKeys()).length > 0, 'the audit has its copy');
  expect(await auditKeys()).toHaveLength(1);
});

test('the same message delivered twice has one effect', async () => {
  const job = await upload(await jpeg(300, 200), [{ op: 'flip' }]);
  const first = await running.app.jobs.waitFor(job.id);
  const jobsQueue = running.app.output('JobsQueueUrl');
  const requested = {
    specversion: '1.0',
    id: `${job.id}:requested`,
    source: 'test',
    type: 'serverless-ipc.job.requested.v1',
    time: new Date().toISOString(),
    subject: job.id,
    datacontenttype: 'application/json',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    correlationid: job.id,
    causationid: job.id,
    data: {
      jobId: job.id,
      uploadKey: `uploads/${job.id}`,
      contentLength: 1000,
      operations: [{ op: 'flip' }],
    },
  };

  await running.app.sqs.send(
    new SendMessageCommand({ QueueUrl: jobsQueue, MessageBody: JSON.stringify(requested) }),
  );
  await until(async () => {
    const { waiting, inFlight } = await running.app.depth(jobsQueue);
    return waiting + inFlight === 0;
  }, 'the second delivery is acknowledged');

  expect(await running.app.jobs.get(job.id)).toEqual(first);
  await until(async () => (await auditKeys()).length > 0, 'the audit has its copy');
  expect(await auditKeys()).toHaveLength(1);
});
