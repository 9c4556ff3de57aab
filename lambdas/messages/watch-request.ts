import * as z from 'zod';

/** What a WebSocket client sends to watch a job. `callerId` says in whose name, as the header `x-caller-id` does over REST. */
export const WatchMessage = z.strictObject({
  action: z.literal('watch'),
  jobId: z.string().min(1).max(128),
  callerId: z.string().min(1).max(128).default('anonymous'),
});
