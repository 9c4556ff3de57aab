import { correlatedBatch } from '../adapters/consume-log.ts';
import { logFailure } from '../adapters/correlation.ts';
import { readActivity } from '../adapters/read-activity.ts';
import { inBatchesPerPartition } from '../batch/kafka.ts';
import { fromKafka } from '../batch/kafka-record.ts';
import { count } from '../count-activity/count.ts';

/** Counts what happens, by minute and type, from Kafka. */
export const handler = inBatchesPerPartition({
  decode: (record) => readActivity(fromKafka(record)),
  handle: correlatedBatch(count),
  onFailure: logFailure,
});
