import { dynamoDbActivityCounts } from '../adapters/dynamodb-activity-counts.ts';
import { readEnv } from '../adapters/environment.ts';
import { log } from '../adapters/log.ts';
import type { Activity } from '../domain/activity.ts';
import { CountActivityEnv } from './env.ts';

const env = readEnv(CountActivityEnv);
const counts = dynamoDbActivityCounts(env.ACTIVITY_COUNTS_TABLE);

/** Counts one record, whichever broker it comes from. The records of a partition must come in order. */
export const count = async (activity: Activity): Promise<void> => {
  const { type, partition, offset } = activity;
  if (!(await counts.count(activity))) log.info('A record was counted before', { type, partition, offset });
};
