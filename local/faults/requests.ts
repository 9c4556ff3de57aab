import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults, Point } from '../faults.ts';
import { EXECUTE_API } from '../gateway/routes.ts';
import type { Protocol } from '../services/service.ts';

/**
 * Lets faults strike a protocol's requests. A service authorizes each of its operations before it does the work: that is
 * where a request turns out to be a call of an action on a resource, whatever its wire format.
 */
export const withFaults = (service: string, protocol: Protocol, faults: Faults | undefined): Protocol =>
  faults ? disturbed(service, protocol, faults) : protocol;

const disturbed = (service: string, protocol: Protocol, faults: Faults): Protocol => ({
  handle: async (request, response, call) => {
    const strike = (point: Point): void => {
      faults.refuse(point);
      if (faults.losesAnswer(point)) loseAnswer(response);
    };
    if (service === EXECUTE_API)
      strike({ service: 'execute-api', action: 'Invoke', resource: pathOf(request) });
    const invoked = service === 'lambda' ? invokedFunction(request) : undefined;
    // An invocation is refused where every kind of source meets it, not only a request.
    if (invoked !== undefined && faults.losesAnswer(invocationOf(invoked))) loseAnswer(response);
    await protocol.handle(request, response, {
      ...call,
      authorize: (action, resource) => {
        call.authorize(action, resource);
        strike(pointOf(action, resource));
      },
    });
  },
});

const pathOf = (request: IncomingMessage): string => request.url?.split('?')[0] ?? '/';

/** `sqs:SendMessage` on a queue. */
const pointOf = (permission: string, resource: string): Point => {
  const [service = '', action = ''] = permission.split(':');
  return { service, action, resource };
};

const invocationOf = (resource: string): Point => ({ service: 'lambda', action: 'InvokeFunction', resource });

/** As the caller names it: by name or ARN. */
const invokedFunction = (request: IncomingMessage): string | undefined => {
  const [, reference] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(pathOf(request)) ?? [];
  return reference && decodeURIComponent(reference);
};

/** Whatever the service answers, the caller sees a connection that breaks. */
const loseAnswer = (response: ServerResponse): void => {
  const reset = (): ServerResponse => {
    response.destroy();
    response.req.socket.destroy();
    return response;
  };
  Object.assign(response, {
    writeHead: () => response,
    flushHeaders: () => undefined,
    write: () => true,
    end: reset,
  });
};
