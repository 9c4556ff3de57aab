import type { MSKEvent } from 'aws-lambda';
import { z } from 'zod';
import { inBatchesPerPartition } from '../../../lambdas/batch/kafka.ts';
import { pass } from '../kafka/fake-broker.ts';
import { kafkaMapping } from './kafka-mapping.ts';

const Failure = z.object({
  requestContext: z.object({
    requestId: z.string(),
    condition: z.string(),
    approximateInvokeCount: z.number(),
  }),
  responseContext: z.object({ functionError: z.string().nullable() }),
  KafkaBatchInfo: z.object({
    batchSize: z.number(),
    recordsInfo: z.record(
      z.string(),
      z.object({ firstRecordOffset: z.string(), lastRecordOffset: z.string() }),
    ),
  }),
  payload: z.string(),
});

/** What is given up of `good`, `poison`, `good`, by a function that says which one it cannot read. */
const givenUpOf = async () => {
  const { start, broker, clock, givenUp, invoked } = kafkaMapping(({ values }) =>
    values.includes('poison') ? 'poison' : undefined,
  );
  broker.append(1, 'good', 'poison', 'good');
  await start();
  await pass(clock, 5_000);
  return { failures: givenUp.map(({ object }) => Failure.parse(object)), givenUp, invoked };
};

test('what was given up is told as on AWS: where it was, why, how often it was tried, in which invocation last', async () => {
  const { failures, givenUp, invoked } = await givenUpOf();

  const lastTried = invoked.findLastIndex(({ values }) => values.includes('poison')) + 1;
  expect(failures).toHaveLength(1);
  expect(failures[0]).toMatchObject({
    requestContext: {
      requestId: `request-${lastTried}`,
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 6,
    },
    responseContext: { functionError: null },
    KafkaBatchInfo: {
      batchSize: 1,
      recordsInfo: { 'activity-1': { firstRecordOffset: '1', lastRecordOffset: '1' } },
    },
  });
  expect(givenUp[0]?.key).toMatch(/^aws\/lambda\/[0-9a-f-]{36}\/activity-1\/2026\/01\/01\//);
});

test('it names the record as the log of a consumer does, where the cause is: AWS has no place for it in the object', async () => {
  const { failures } = await givenUpOf();
  const causes: (readonly [string, unknown])[] = [];
  const consumer = inBatchesPerPartition({
    decode: ({ value }) => JSON.parse(Buffer.from(value, 'base64').toString()),
    handle: async () => undefined,
    onFailure: (error, record) => causes.push([record, error]),
  });

  const [failure] = failures;
  const event: MSKEvent = JSON.parse(failure?.payload ?? '{}');
  await consumer(event);

  const [[partition, { firstRecordOffset }] = ['', { firstRecordOffset: '' }]] = Object.entries(
    failure?.KafkaBatchInfo.recordsInfo ?? {},
  );
  expect(causes).toEqual([[`${partition}:${firstRecordOffset}`, expect.any(SyntaxError)]]);
});
