import { z } from 'zod';

/** One event as the local cloud tells it at `/_local/trace`; `ids` tie it to others. */
export const TraceEvent = z.object({
  at: z.number(),
  service: z.string(),
  action: z.string(),
  resource: z.string(),
  ids: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
});

export type TraceEvent = z.infer<typeof TraceEvent>;

export const TraceAnswer = z.object({ events: z.array(TraceEvent) });

/** An id as text; empty when the event has none of this name. */
export const idOf = ({ ids }: TraceEvent, name: string): string => String(ids[name] ?? '');

/** When it began: the local cloud records an invocation when it has ended. In ms since the epoch. */
export const startOf = (event: TraceEvent): number =>
  event.action === 'Invoke' ? event.at - Number(event.ids.durationMs ?? 0) : event.at;
