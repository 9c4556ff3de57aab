import type { CloudEvent } from '../messages/cloud-event.ts';

/** What goes with an event that leaves the service over HTTP, so that its receiver can go on with the trace. */
export const correlationHeaders = ({
  correlationid,
  traceparent,
}: Pick<CloudEvent, 'correlationid' | 'traceparent'>): Record<string, string> => ({
  traceparent,
  'x-correlation-id': correlationid,
});
