import { idOf, type TraceEvent } from './event.ts';
import type { TraceNode } from './node.ts';

/**
 * Ties the events of the local cloud to what has led to them:
 * - a call of a function to its invocation, by the segment that the trace header names;
 * - a message to what sent it, be it a topic or a bucket, by the id of the publication or of the request;
 * - an invocation to its messages by their ids, to its records by shard and sequence numbers.
 */
export const graphOf = (events: readonly TraceEvent[]): TraceNode[] => {
  const graph = new Graph();
  for (const [place, event] of events.entries()) graph.add(event, place);
  return graph.tied();
};

const STAY_ACTIONS = new Set(['ReceiveMessage', 'DeleteMessage', 'DeadLetter']);

/** Told by the message that they have led to. */
const isTold = ({ event: { service, action } }: TraceNode): boolean =>
  (service === 'sns' && action === 'Deliver') || (service === 's3' && action === 'Notify');

class Graph {
  readonly #nodes: TraceNode[] = [];
  readonly #segments = new Map<string, TraceNode>();
  readonly #messages = new Map<string, TraceNode>();
  /** Publications by message id, requests to S3 by request id. */
  readonly #causes = new Map<string, TraceNode>();
  readonly #shards = new Map<string, TraceNode[]>();

  add(event: TraceEvent, place: number): void {
    if (event.service === 'sqs' && STAY_ACTIONS.has(event.action)) this.#stays(event, place);
    else this.#add(event, place);
  }

  tied(): TraceNode[] {
    for (const node of this.#nodes) {
      for (const parent of this.#parentsOf(node)) {
        node.parents.push(parent);
        parent.children.push(node);
      }
    }
    const told = new Set(this.#nodes.filter((node) => isTold(node) && this.#isSeen(node)));
    for (const { children } of this.#nodes)
      children.splice(0, children.length, ...children.filter((child) => !told.has(child)));
    return this.#nodes.filter((node) => !told.has(node));
  }

  #add(event: TraceEvent, place: number): TraceNode {
    const isMessage = event.service === 'sqs' && event.action === 'SendMessage';
    const stay = isMessage ? { stay: { receivedAt: [], movedTo: [] } } : {};
    const node: TraceNode = { event, place, ...stay, parents: [], children: [] };
    this.#nodes.push(node);
    const segment = idOf(event, 'segment');
    if (segment !== '') this.#segments.set(segment, node);
    if (isMessage) this.#messages.set(idOf(event, 'messageId'), node);
    if (event.service === 'sns' && event.action === 'Publish')
      this.#causes.set(idOf(event, 'messageId'), node);
    if (event.service === 's3' && 'requestId' in event.ids) this.#causes.set(idOf(event, 'requestId'), node);
    if (event.action === 'PutRecord') {
      const shard = shardOf(event.resource, event);
      this.#shards.set(shard, [...(this.#shards.get(shard) ?? []), node]);
    }
    return node;
  }

  /** A message that was sent before the first event is known from what becomes of it. */
  #stays(event: TraceEvent, place: number): void {
    const known = this.#messages.get(idOf(event, 'messageId'));
    const { ids, ...rest } = event;
    const { messageId = '' } = ids;
    const { stay } = known ?? this.#add({ ...rest, action: 'SendMessage', ids: { messageId } }, place);
    if (!stay) return;
    if (event.action === 'ReceiveMessage') stay.receivedAt.push(event.at);
    else if (event.action === 'DeleteMessage') stay.deletedAt = event.at;
    else stay.movedTo.push(idOf(event, 'to'));
  }

  #parentsOf({ event }: TraceNode): TraceNode[] {
    if ('messages' in event.ids)
      return idOf(event, 'messages')
        .split(' ')
        .flatMap((id) => this.#messages.get(id) ?? []);
    if ('shardId' in event.ids && 'from' in event.ids) return this.#records(event);
    const cause = this.#causes.get(idOf(event, 'cause'));
    if (cause) return [cause];
    const segment = this.#segments.get(idOf(event, 'parent'));
    return segment ? [segment] : [];
  }

  #records(event: TraceEvent): TraceNode[] {
    const from = BigInt(idOf(event, 'from') || 0);
    const to = BigInt(idOf(event, 'to') || 0);
    const records = this.#shards.get(shardOf(idOf(event, 'source'), event)) ?? [];
    return records.filter((record) => {
      const place = BigInt(idOf(record.event, 'sequenceNumber') || 0);
      return from <= place && place <= to;
    });
  }

  #isSeen({ event }: TraceNode): boolean {
    const id = event.service === 'sns' ? idOf(event, 'messageId') : idOf(event, 'cause');
    const queue = event.service === 'sns' ? event.resource : idOf(event, 'destination');
    const cause = this.#causes.get(id);
    return (
      cause?.children.some((child) => child.stay !== undefined && child.event.resource === queue) ?? false
    );
  }
}

const shardOf = (stream: string, event: TraceEvent): string => `${stream} ${idOf(event, 'shardId')}`;
