import { PutRecordsCommand, type PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import type { App } from './app.ts';

export interface Written {
  readonly key: string;
  readonly text: string;
}

const ATTEMPTS = 10;

/**
 * Puts records, in calls of up to 500, and those again that a call did not take.
 * The order of records with one key is kept only from call to call: give one record of a key at most where it matters.
 */
export const putRecords = async (
  app: App,
  StreamName: string,
  records: readonly Written[],
): Promise<void> => {
  let left: PutRecordsRequestEntry[] = records.map(({ key, text }) => ({
    PartitionKey: key,
    Data: Buffer.from(text),
  }));
  for (let attempt = 1; left.length > 0; attempt += 1) {
    if (attempt > ATTEMPTS) throw new Error(`${left.length} records were not taken in ${ATTEMPTS} attempts`);
    if (attempt > 1) await new Promise((resolve) => setTimeout(resolve, 100 * attempt));
    const { Records = [] } = await app.kinesis.send(
      new PutRecordsCommand({ StreamName, Records: left.slice(0, 500) }),
    );
    const refused = left.slice(0, 500).filter((_, index) => Records[index]?.ErrorCode !== undefined);
    left = [...refused, ...left.slice(500)];
    if (refused.length === 0) attempt = 0;
  }
};
