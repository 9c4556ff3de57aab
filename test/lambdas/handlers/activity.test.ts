import type { KinesisStreamRecord } from 'aws-lambda';
import { anEvent, createCounts, type StubKinesis, startStubKinesis } from '../support/activity.ts';
import { json } from '../support/image-service.ts';
import { kinesisRecord, sqsRecord } from '../support/records.ts';
import { restEvent } from '../support/rest-event.ts';
import { type StubAws, startStubAws } from '../support/stub-aws.ts';
import { startTable, type Table } from '../support/table.ts';

const AT = '2026-01-01T00:10:30.000Z';

const load = async () => ({
  record: (await import('../../../lambdas/record-activity/handler.ts')).handler,
  count: (await import('../../../lambdas/count-activity/handler.ts')).handler,
  archive: (await import('../../../lambdas/archive-activity/handler.ts')).handler,
  get: (await import('../../../lambdas/get-activity/handler.ts')).handler,
});

let table: Table;
let aws: StubAws;
let kinesis: StubKinesis;
let handlers: Awaited<ReturnType<typeof load>>;
beforeAll(async () => {
  table = await startTable();
  aws = await startStubAws();
  kinesis = await startStubKinesis();
  Object.assign(process.env, {
    ACTIVITY_STREAM: 'activity',
    ACTIVITY_COUNTS_TABLE: await createCounts('counts'),
    ACTIVITY_ARCHIVE_BUCKET: 'archive-bucket',
    AWS_LAMBDA_LOG_LEVEL: 'FATAL',
  });
  handlers = await load();
});
beforeEach(() => {
  kinesis.calls.length = 0;
  aws.objects.clear();
});
afterAll(async () => {
  await kinesis.close();
  await aws.close();
  await table.close();
});

const telemetry = (type: string) => JSON.stringify({ type, subject: 'page-1', data: { ms: 3 } });

const record = (sequence: string, text: string): KinesisStreamRecord => {
  const plain = kinesisRecord(sequence, text);
  return { ...plain, kinesis: { ...plain.kinesis, approximateArrivalTimestamp: Date.parse(AT) / 1000 } };
};

/** What `GET /v1/activity` answers to a request of half a minute later. */
const ask = (query: Record<string, string> = {}, at = '2026-01-01T00:11:00.000Z') => {
  const event = restEvent({ path: '/v1/activity', queryStringParameters: query });
  const requestContext = { ...event.requestContext, requestTimeEpoch: Date.parse(at) };
  return handlers.get({ ...event, requestContext });
};

describe('record-activity', () => {
  test('puts what came into the stream, and reports nothing', async () => {
    const Records = ['job-1', 'job-2'].map((id) => sqsRecord(`m-${id}`, JSON.stringify(anEvent(id))));

    const answer = await handlers.record({ Records });

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(kinesis.calls.flat().map(({ text }) => text)).toEqual(Records.map(({ body }) => body));
  });

  test('reports only the messages that the stream did not take', async () => {
    kinesis.refusals.push(...Array.from({ length: 4 }, () => ['job-2']));
    const Records = ['job-1', 'job-2', 'job-3'].map((id) =>
      sqsRecord(`m-${id}`, JSON.stringify(anEvent(id))),
    );

    const answer = await handlers.record({ Records });

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-job-2' }] });
  });

  test('a message that is no event fails alone', async () => {
    const answer = await handlers.record({
      Records: [sqsRecord('m-1', 'nonsense'), sqsRecord('m-2', JSON.stringify(anEvent('job-1')))],
    });

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
    expect(kinesis.calls.flat().map(({ key }) => key)).toEqual(['job-1']);
  });
});

describe('count-activity', () => {
  test('counts events and telemetry by type, each record once, for whoever asks', async () => {
    const Records = [
      record('101', JSON.stringify(anEvent('1', 'job-1', 'job.done'))),
      record('102', telemetry('page.viewed')),
      record('103', telemetry('page.viewed')),
    ];

    await handlers.count({ Records });
    await handlers.count({ Records: Records.slice(1) });
    const response = await ask();

    expect(response.statusCode).toBe(200);
    expect(json(response)).toEqual({
      from: '2026-01-01T00:02:00.000Z',
      minutes: 10,
      total: 3,
      types: { 'job.done': 1, 'page.viewed': 2 },
      counts: [
        { minute: '2026-01-01T00:10:00.000Z', type: 'job.done', count: 1 },
        { minute: '2026-01-01T00:10:00.000Z', type: 'page.viewed', count: 2 },
      ],
    });
  });

  test('reports the first record that it cannot read, having counted those before', async () => {
    const answer = await handlers.count({
      Records: [
        record('201', telemetry('before')),
        record('202', 'poison'),
        record('203', telemetry('behind')),
      ],
    });

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '202' }] });
    expect(json(await ask()).types).toMatchObject({ before: 1 });
    expect(json(await ask()).types).not.toHaveProperty('behind');
  });
});

describe('archive-activity', () => {
  test('keeps a batch as one object, a line a record, under the shard and the first time and sequence number', async () => {
    const event = anEvent('1', 'job-1');

    await handlers.archive({
      Records: [record('301', JSON.stringify(event)), record('302', telemetry('seen'))],
    });

    const key = `archive-bucket/activity/shardId-000000000000/${Date.parse(AT)}-301.ndjson`;
    expect([...aws.objects.keys()]).toEqual([key]);
    const text = aws.objects.get(key)?.body.toString();
    expect(
      text
        ?.trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { partition: 'shardId-000000000000', offset: '301', at: AT, event },
      { partition: 'shardId-000000000000', offset: '302', at: AT, event: JSON.parse(telemetry('seen')) },
    ]);
  });

  test('a batch that comes again takes the place of the one before', async () => {
    const Records = [record('401', telemetry('seen')), record('402', telemetry('seen'))];

    await handlers.archive({ Records });
    await handlers.archive({ Records });

    expect(aws.objects.size).toBe(1);
  });

  test('a log that begins anew replaces nothing of the one before, although it has the same offsets', async () => {
    const old = record('1', telemetry('seen'));
    const later = Date.parse(AT) / 1000 + 60;

    await handlers.archive({ Records: [old] });
    await handlers.archive({
      Records: [{ ...old, kinesis: { ...old.kinesis, approximateArrivalTimestamp: later } }],
    });

    expect(aws.objects.size).toBe(2);
  });

  test('reports the first record that it cannot read, and keeps those before', async () => {
    const answer = await handlers.archive({
      Records: [
        record('501', telemetry('before')),
        record('502', 'poison'),
        record('503', telemetry('behind')),
      ],
    });

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '502' }] });
    expect([...aws.objects.values()].map(({ body }) => body.toString().split('\n').length - 1)).toEqual([1]);
  });
});

describe('get-activity', () => {
  test('looks back as many minutes as it is asked to, that of the request included', async () => {
    await handlers.count({ Records: [record('601', telemetry('once'))] });

    const near = await ask({ minutes: '1' }, '2026-01-01T00:10:59.000Z');
    const far = await ask({ minutes: '1' }, '2026-01-01T00:11:00.000Z');

    expect(json(near).types).toMatchObject({ once: 1 });
    expect(json(far)).toEqual({
      from: '2026-01-01T00:11:00.000Z',
      minutes: 1,
      total: 0,
      types: {},
      counts: [],
    });
  });

  test.each(['0', '61', '1.5', 'ten', ''])('minutes=%s is refused', async (minutes) => {
    const response = await ask({ minutes });

    expect(response.statusCode).toBe(400);
    expect(json(response)).toMatchObject({
      type: 'urn:problem:serverless-ipc:invalid-request',
      errors: [{ pointer: 'query/minutes' }],
    });
  });
});
