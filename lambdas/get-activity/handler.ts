import * as z from 'zod';
import { dynamoDbActivityCounts } from '../adapters/dynamodb-activity-counts.ts';
import { readEnv } from '../adapters/environment.ts';
import { describeActivity, lastMinutes } from '../domain/activity.ts';
import { noBody, validated } from '../http/request.ts';
import { json } from '../http/response.ts';
import { restHandler } from '../http/rest-handler.ts';
import { GetActivityEnv } from './env.ts';

const env = readEnv(GetActivityEnv);
const counts = dynamoDbActivityCounts(env.ACTIVITY_COUNTS_TABLE);

const Window = z.object({ minutes: z.coerce.number().int().min(1).max(60).default(10) });

/** `GET /v1/activity?minutes=10`: what has been counted in the minute of the request and those before it. */
export const handler = restHandler(noBody, async ({ query, receivedAt }) => {
  const { minutes } = validated(Window, query, 'query');
  const asked = lastMinutes(receivedAt, minutes);
  return json(200, describeActivity(asked, await counts.read(asked)));
});
