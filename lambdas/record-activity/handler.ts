import { logFailure } from '../adapters/consume.ts';
import { readEnv } from '../adapters/environment.ts';
import { kinesisActivityLog } from '../adapters/kinesis-activity-log.ts';
import { together } from '../batch/queue.ts';
import { recordActivity } from '../domain/record-activity.ts';
import { CloudEvent } from '../messages/cloud-event.ts';
import { bodyOf } from '../messages/decode.ts';
import { RecordActivityEnv } from './env.ts';

const env = readEnv(RecordActivityEnv);
const ports = { log: kinesisActivityLog(env.ACTIVITY_STREAM) };

/** Puts what happens in the service into the activity stream. Ten events a call cost one request. */
export const handler = together<CloudEvent>({
  decode: bodyOf(CloudEvent),
  handle: (events) => recordActivity(events, ports),
  onFailure: logFailure,
});
