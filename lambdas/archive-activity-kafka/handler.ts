import { correlatedBatch } from '../adapters/consume-log.ts';
import { logFailure } from '../adapters/correlation.ts';
import { readActivity } from '../adapters/read-activity.ts';
import { archive } from '../archive-activity/archive.ts';
import { inBatchesPerPartition } from '../batch/kafka.ts';
import { fromKafka } from '../batch/kafka-record.ts';

/** Archives what happens, from Kafka. */
export const handler = inBatchesPerPartition({
  decode: (record) => readActivity(fromKafka(record)),
  handle: correlatedBatch(archive),
  onFailure: logFailure,
});
