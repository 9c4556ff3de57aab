import { jsonPath } from '../api-gateway/json-path.ts';
import { jsonBody } from '../api-gateway/mapping-values.ts';
import type { SocketApi, SocketRoute } from './model.ts';

const expression = /^\$\{?request\.body\.([\w.-]+)\}?$/;

/** Whether a route selection expression is one that this gateway understands. */
export const isSelectionExpression = (text: string): boolean => expression.test(text);

/** The route for a message: what the selection expression finds in it, else `$default`. Only messages in JSON can select one. */
export const routeOf = (api: SocketApi, body: string): SocketRoute | undefined => {
  const path = expression.exec(api.routeSelectionExpression)?.[1] ?? '';
  const key = jsonPath(jsonBody(body), `$.${path}`);
  const found = typeof key === 'string' && !key.startsWith('$') ? api.routes.get(key) : undefined;
  return found ?? api.routes.get('$default');
};
