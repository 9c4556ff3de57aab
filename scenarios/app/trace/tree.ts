import { idOf, startOf, type TraceEvent } from './event.ts';
import { graphOf } from './graph.ts';
import type { Stay, TraceNode } from './node.ts';
import { selectById } from './select.ts';

/** One line of a trace, with what it has led to. */
export interface TraceBranch {
  /** ms since the first line of the trace. */
  readonly atMs: number;
  readonly event: TraceEvent;
  readonly stay?: Stay;
  /** Which delivery of its message an invocation handles. */
  readonly receive?: number;
  /** How many requests like this there were, where they are told as one. */
  readonly times?: number;
  readonly children: readonly TraceBranch[];
}

/** The trees of everything that has to do with an id, in the order of time; none when nothing names it. */
export const traceOf = (events: readonly TraceEvent[], id: string): TraceBranch[] => {
  const selected = selectById(graphOf(events), id);
  const roots = [...selected].filter(({ parents }) => !parents.some((parent) => selected.has(parent)));
  const firstAt = Math.min(...[...selected].map(({ event }) => startOf(event)));
  const shown = new Set<TraceNode>();
  const branch = (node: TraceNode, under?: TraceNode): TraceBranch => {
    shown.add(node);
    const { event, stay } = node;
    const receive = under && receiveOf(event, under);
    return {
      atMs: Math.round(startOf(event) - firstAt),
      event,
      ...(stay && { stay }),
      ...(receive !== undefined && { receive }),
      children: inOrder(node.children.filter((child) => selected.has(child) && !shown.has(child))).flatMap(
        (child) => (shown.has(child) ? [] : [branch(child, node)]),
      ),
    };
  };
  return folded(inOrder(roots).map((root) => branch(root)));
};

const inOrder = (nodes: readonly TraceNode[]): TraceNode[] =>
  nodes.toSorted((one, other) => startOf(one.event) - startOf(other.event) || one.place - other.place);

const receiveOf = (event: TraceEvent, message: TraceNode): number | undefined => {
  if (!('messages' in event.ids)) return undefined;
  const place = idOf(event, 'messages').split(' ').indexOf(idOf(message.event, 'messageId'));
  return Number(idOf(event, 'receiveCounts').split(' ')[place]) || undefined;
};

/** A client that polls asks the same again and again: that is told once. */
const folded = (roots: readonly TraceBranch[]): TraceBranch[] => {
  const reads = Map.groupBy(roots.filter(isRead), ({ event }) => `${event.action} ${event.resource}`);
  return roots.flatMap((root) => {
    const alike = reads.get(`${root.event.action} ${root.event.resource}`) ?? [];
    if (!isRead(root) || alike.length < 2) return [root];
    return root === alike[0] ? [{ ...root, times: alike.length, children: [] }] : [];
  });
};

const isRead = ({ event }: TraceBranch): boolean =>
  event.service === 'apigateway' && event.action === 'GET' && Number(event.ids.status) < 400;
