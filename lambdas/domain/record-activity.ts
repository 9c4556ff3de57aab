import type { CloudEvent } from '../messages/cloud-event.ts';
import type { ActivityLog } from './activity-ports.ts';

/**
 * Appends events to the activity log.
 * @returns for each event why it was not taken; `undefined` where it was
 */
export const recordActivity = async (
  events: readonly CloudEvent[],
  { log }: { log: ActivityLog },
): Promise<(Error | undefined)[]> => {
  const missing = new Map(
    (await log.append(events)).map(({ event, reason }) => [event, new Error(reason)] as const),
  );
  return events.map((event) => missing.get(event));
};
