import { consumeTogether } from '../adapters/consume.ts';
import { readEnv } from '../adapters/environment.ts';
import { kinesisActivityLog } from '../adapters/kinesis-activity-log.ts';
import { recordActivity } from '../domain/record-activity.ts';
import { CloudEvent } from '../messages/cloud-event.ts';
import { RecordActivityEnv } from './env.ts';

const env = readEnv(RecordActivityEnv);
const ports = { log: kinesisActivityLog(env.ACTIVITY_STREAM) };

/** Puts what happens in the service into the activity stream. Ten events a call cost one request. */
export const handler = consumeTogether(CloudEvent, (events) => recordActivity(events, ports));
