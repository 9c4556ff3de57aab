import { idOf } from './event.ts';
import type { TraceNode } from './node.ts';

/** What an event says of the message that it is about. */
const IDENTITY = ['correlationId', 'subject', 'eventId'] as const;

/**
 * All that has to do with an id (of a job, a message, a request, a trace): what names it, what that has led to, and the
 * line of what has led there. A batch leads on only where it goes on with the same message, as far as that can be told.
 */
export const selectById = (nodes: readonly TraceNode[], id: string): Set<TraceNode> => {
  const named = nodes.filter((node) => names(node, id));
  const identity = new Set(named.flatMap(identityOf));
  const selected = new Set<TraceNode>();
  const down = (node: TraceNode): void => {
    if (selected.has(node)) return;
    selected.add(node);
    for (const child of node.children) if (!isOther(child, identity)) down(child);
  };
  const up = (node: TraceNode): void => {
    for (const parent of node.parents) {
      if (selected.has(parent) || isOther(parent, identity)) continue;
      selected.add(parent);
      up(parent);
    }
  };
  for (const node of named) down(node);
  for (const node of named) up(node);
  return selected;
};

const names = ({ event }: TraceNode, id: string): boolean =>
  event.resource.includes(id) || Object.values(event.ids).some((value) => String(value).includes(id));

const identityOf = ({ event }: TraceNode): string[] =>
  IDENTITY.map((name) => idOf(event, name)).filter((value) => value !== '');

const isOther = (node: TraceNode, identity: ReadonlySet<string>): boolean => {
  const own = identityOf(node);
  return own.length > 0 && identity.size > 0 && !own.some((value) => identity.has(value));
};
