import type { Activity } from '../domain/activity.ts';
import { CloudEvent } from '../messages/cloud-event.ts';
import { log } from './log.ts';

/**
 * Handles records of one partition with a line in the log. It names the correlation of every event among them: a search
 * for an id finds the batches that it was in.
 */
export const correlatedBatch =
  (handle: (batch: readonly Activity[]) => Promise<void>) =>
  (batch: readonly Activity[]): Promise<void> => {
    const correlationIds = [...new Set(batch.flatMap(({ event }) => correlationIdOf(event)))];
    const [first] = batch;
    const place = { partition: first?.partition, from: first?.offset, to: batch.at(-1)?.offset };
    return log.within({ correlationIds, ...place }, async () => {
      await handle(batch);
      log.info('Records were handled', { records: batch.length });
    });
  };

/** A client's own report has no envelope. */
const correlationIdOf = (event: unknown): string[] => {
  const { data } = CloudEvent.pick({ correlationid: true }).safeParse(event);
  return data ? [data.correlationid] : [];
};
