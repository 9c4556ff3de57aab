import type { KafkaMessage } from 'kafkajs';
import { VirtualClock } from '../../../local/clock.ts';
import { type KafkaItem, KafkaLane } from '../../../local/pollers/kafka-lane.ts';
import { kafkaSettings } from '../../../local/pollers/kafka-settings.ts';
import type { Exhausted } from '../../../local/pollers/stream-attempts.ts';
import { foundation } from '../services/sqs/sqs-server.ts';

const WRITTEN_AT = Date.UTC(2026, 0, 1);

const messageOf = (value: string, index: number, at = WRITTEN_AT): KafkaMessage => ({
  key: Buffer.from('key'),
  value: Buffer.from(value),
  timestamp: String(at),
  offset: String(index + 100),
  attributes: 0,
  headers: {},
});

/** A partition with these values, and a function that fails at a value and says so. */
const laneOf = (
  values: readonly string[],
  {
    failsAt = new Set<string>(),
    settings = {},
    lostAfter = Number.POSITIVE_INFINITY,
    stoppedAfter = Number.POSITIVE_INFINITY,
    now = WRITTEN_AT,
    writtenAt = new Map<string, number>(),
  } = {},
) => {
  const invoked: string[][] = [];
  const committed: number[] = [];
  const given: Exhausted<KafkaItem>[] = [];
  const target = {
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:counter',
    timeoutMs: 3000,
    role: () => ({ kind: 'role', roleArn: 'arn:aws:iam::000000000000:role/counter', session: 'c' }) as const,
    authorize: () => undefined,
    invoke: async (payload: string) => {
      const records: { offset: number; value: string }[] = JSON.parse(payload).records['activity-0'];
      invoked.push(records.map(({ value }) => Buffer.from(value, 'base64').toString()));
      const failed = records.find(({ value }) => failsAt.has(Buffer.from(value, 'base64').toString()));
      const itemIdentifier = { partition: 'activity-0', offset: failed?.offset };
      const answer = { batchItemFailures: failed ? [{ itemIdentifier }] : [] };
      return { statusCode: 200, payload: JSON.stringify(answer), logTail: '', requestId: 'request' };
    },
  };
  const described = {
    StartingPosition: 'TRIM_HORIZON',
    Topics: ['activity'],
    ProvisionedPollerConfig: {},
    BisectBatchOnFunctionError: true,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    MaximumRetryAttempts: 2,
    ...settings,
  };
  const clusterArn = 'arn:aws:kafka:us-east-1:000000000000:cluster/activity/1-2';
  const messages = values.map((value, index) => messageOf(value, index, writtenAt.get(value)));
  const lane = new KafkaLane(
    {
      foundation: foundation(new VirtualClock(now)),
      settings: kafkaSettings(described, clusterArn, target),
      target,
      origin: { clusterArn, bootstrapServers: '127.0.0.1:9092' },
      stopped: () => invoked.length >= stoppedAfter,
      lost: () => invoked.length >= lostAfter,
      sleep: async () => undefined,
      giveUp: async (_, exhausted) => {
        given.push(exhausted);
      },
    },
    {
      batch: {
        topic: 'activity',
        partition: 0,
        highWatermark: '0',
        messages,
        isEmpty: () => messages.length === 0,
        firstOffset: () => messages[0]?.offset ?? null,
        lastOffset: () => messages.at(-1)?.offset ?? '-1',
        offsetLag: () => '0',
        offsetLagLow: () => '0',
      },
      resolveOffset: () => undefined,
      commitOffsetsIfNecessary: async (offsets) => {
        committed.push(Number(offsets?.topics[0]?.partitions[0]?.offset));
      },
      isRunning: () => true,
      isStale: () => false,
    },
  );
  return { lane, invoked, committed, given };
};

test('what is done is committed, up to behind the last record', async () => {
  const { lane, invoked, committed } = laneOf(['a', 'b', 'c'], { settings: { BatchSize: 2 } });

  await lane.run();

  expect(invoked).toEqual([['a', 'b'], ['c']]);
  expect(committed.at(-1)).toBe(103);
});

test('a poisoned record is tried, given up alone, and only then passed; those around it are handled once', async () => {
  const { lane, invoked, committed, given } = laneOf(['a', 'b', 'poison', 'c'], {
    failsAt: new Set(['poison']),
  });

  await lane.run();

  expect(
    given.map(({ condition, invocations, items }) => ({ condition, invocations, items: items.length })),
  ).toEqual([{ condition: 'RetryAttemptsExhausted', invocations: 3, items: 1 }]);
  expect(given[0]?.items[0]?.record.offset).toBe(102);
  expect(committed).toEqual([102, 103, 104, 104]);
  expect(invoked.filter((values) => values.includes('c') && !values.includes('poison'))).toEqual([['c']]);
});

test('a member that has lost the partition commits nothing more of it', async () => {
  const { lane, committed } = laneOf(['a', 'poison', 'c'], { failsAt: new Set(['poison']), lostAfter: 2 });

  await lane.run();

  expect(committed).toEqual([101]);
});

test('what the filter drops is committed without being handed over', async () => {
  const FilterCriteria = { Filters: [{ Pattern: '{"value":{"type":["wanted"]}}' }] };
  const { lane, invoked, committed } = laneOf(['{"type":"wanted"}', '{"type":"other"}', 'text'], {
    settings: { FilterCriteria },
  });

  await lane.run();

  expect(invoked).toEqual([['{"type":"wanted"}']]);
  expect(committed.at(-1)).toBe(103);
});

test('records that are too old are given up without being tried', async () => {
  const { lane, invoked, given } = laneOf(['old'], {
    settings: { MaximumRecordAgeInSeconds: 60 },
    now: WRITTEN_AT + 61_000,
  });

  await lane.run();

  expect(invoked).toEqual([]);
  expect(given.map(({ condition }) => condition)).toEqual(['RecordAgeExceeded']);
});

test('a record that is too old behind a younger one takes none along: that one is handed over first', async () => {
  const { lane, invoked, committed, given } = laneOf(['young', 'old'], {
    settings: { MaximumRecordAgeInSeconds: 60 },
    now: WRITTEN_AT + 61_000,
    writtenAt: new Map([['young', WRITTEN_AT + 60_000]]),
    failsAt: new Set(['old']),
  });

  await lane.run();

  expect(invoked[0]).toEqual(['young', 'old']);
  expect(given.map(({ items }) => items.map(({ record }) => record.offset))).toEqual([[101]]);
  expect(committed.at(-1)).toBe(102);
});
