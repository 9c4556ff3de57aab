import type { Protocol } from '../services/service.ts';
import type { Trace } from '../trace.ts';

/** Makes each request part of the trace that it names: what it leads to is recorded under it. */
export const traced = (protocol: Protocol, trace: Trace): Protocol => ({
  handle: (request, response, call) => {
    const header = request.headers['x-amzn-trace-id'];
    const scope = {
      header: typeof header === 'string' ? header : undefined,
      ids: { requestId: call.requestId },
    };
    return trace.within(scope, () => protocol.handle(request, response, call));
  },
});
