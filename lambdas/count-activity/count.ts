import { dynamoDbActivityCounts } from '../adapters/dynamodb-activity-counts.ts';
import { readEnv } from '../adapters/environment.ts';
import { log } from '../adapters/log.ts';
import type { Activity } from '../domain/activity.ts';
import { CountActivityEnv } from './env.ts';

const env = readEnv(CountActivityEnv);
const counts = dynamoDbActivityCounts(env.ACTIVITY_COUNTS_TABLE);

/** Counts records of one partition that follow each other, whichever broker they come from. */
export const count = async (batch: readonly Activity[]): Promise<void> => {
  const again = batch.length - (await counts.count(batch));
  if (again > 0) log.info('Records were counted before', { again, partition: batch[0]?.partition });
};
