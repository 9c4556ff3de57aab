import { correlatedBatch } from '../adapters/consume-log.ts';
import { logFailure } from '../adapters/correlation.ts';
import { readActivity } from '../adapters/read-activity.ts';
import { fromKinesis } from '../batch/log-record.ts';
import { inBatches } from '../batch/stream.ts';
import { count } from './count.ts';

/** Counts what happens, by minute and type, from Kinesis: a batch is of one shard. */
export const handler = inBatches({
  decode: (record) => readActivity(fromKinesis(record)),
  handle: correlatedBatch(count),
  onFailure: logFailure,
});
