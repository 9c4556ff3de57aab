import { readEnv } from '../adapters/environment.ts';
import { s3ActivityArchive } from '../adapters/s3-activity-archive.ts';
import type { ActivityArchive } from '../domain/activity-ports.ts';
import { ArchiveActivityEnv } from './env.ts';

const env = readEnv(ArchiveActivityEnv);
const archived = s3ActivityArchive(env.ACTIVITY_ARCHIVE_BUCKET);

/** Archives records of one partition that follow each other, whichever broker they come from. */
export const archive: ActivityArchive['write'] = (batch) => archived.write(batch);
