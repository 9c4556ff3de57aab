import { correlatedBatch } from '../adapters/consume-log.ts';
import { logFailure } from '../adapters/correlation.ts';
import { readActivity } from '../adapters/read-activity.ts';
import { fromKinesis } from '../batch/log-record.ts';
import { inBatches } from '../batch/stream.ts';
import { archive } from './archive.ts';

/** Archives what happens, from Kinesis: a batch is of one shard. */
export const handler = inBatches({
  decode: (record) => readActivity(fromKinesis(record)),
  handle: correlatedBatch(archive),
  onFailure: logFailure,
});
