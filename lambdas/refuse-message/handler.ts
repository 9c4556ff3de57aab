import * as z from 'zod';
import { invalidRequest } from '../domain/problem.ts';
import { socketHandler } from '../websocket/socket-handler.ts';

/** Whatever no other route takes: a message that is not JSON, or whose `action` is missing or unknown. */
export const handler = socketHandler(z.unknown(), async () => {
  throw invalidRequest([{ pointer: '#/action', detail: 'must be one of the actions that this API knows' }]);
});
