import type { Cloud } from '../cloud.ts';
import type { SocketApi } from '../services/websocket/model.ts';

/** The WebSocket API that a template refers to; throws for one that no template defines. */
export const socketApi = ({ webSocket }: Cloud, id: string): SocketApi => {
  const api = webSocket.apis.get(id);
  if (!api) throw new Error(`There is no WebSocket API ${id}`);
  return api;
};
