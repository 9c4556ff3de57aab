import { consume } from '../adapters/consume.ts';
import { readEnv } from '../adapters/environment.ts';
import { s3AuditLog } from '../adapters/s3-audit-log.ts';
import { CloudEvent } from '../messages/cloud-event.ts';
import { AuditEventEnv } from './env.ts';

const env = readEnv(AuditEventEnv);
const audit = s3AuditLog(env.AUDIT_BUCKET);

/** Keeps a copy of every event, word for word. */
export const handler = consume(CloudEvent, ({ id, time }, { body }) => audit.write(id, time, body));
