import { GetActivityEnv } from '../../../lambdas/get-activity/env.ts';
import { RestEndpoint } from '../../constructs/rest-endpoint.ts';
import type { ActivityStack } from '../activity-stack.ts';
import { bindTable } from '../job-table.ts';
import { answering, type Door } from './door.ts';

/** What the stream's counting consumer has counted. */
export const activityRoutes = (door: Door, activity: ActivityStack): void => {
  const { scope, api } = door;
  const getActivity = answering(
    door,
    'GetActivity',
    'get-activity',
    'Tells what has happened lately',
    GetActivityEnv,
  );
  bindTable(getActivity, 'ACTIVITY_COUNTS_TABLE', activity.counts, ['dynamodb:Query']);
  new RestEndpoint(scope, 'GetActivityCounts', {
    api,
    method: 'GET',
    path: '/v1/activity',
    handler: getActivity,
  });
};
