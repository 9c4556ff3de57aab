import type { TraceEvent } from '../local/trace.ts';
import type { Line, Usage } from './lines.ts';
import {
  chunks,
  connectionMinutes,
  gbSeconds,
  KINESIS_CHUNK,
  SNS_CHUNK,
  SOCKET_CHUNK,
  SQS_CHUNK,
} from './units.ts';

type Amounts = readonly (readonly [Line, number])[];

const number = ({ ids = {} }: TraceEvent, name: string): number => Number(ids[name] ?? 0);

/** "Requests and data retrievals": everything that is no PUT, COPY, POST or LIST; deletions and cancellations are free. */
const S3_PUT = /^(Put|Post|Copy|Create|Complete|Upload|List)/;
const S3_FREE = /^(Delete|Abort)/;
const DYNAMODB_WRITE = /^(BatchWrite|Put|Update|Delete)Item$/;

/**
 * Adds up, event by event, what AWS would bill. It is told of every event while a run is under way (`Trace.watch`).
 * Publications of one request are one payload: SNS bills a batch by its chunks together.
 */
export class Meter {
  readonly #usage = new Map<Line, number>();
  /** Bytes published by each request that is still counted as so many chunks. */
  readonly #published = new Map<string, number>();

  get usage(): Usage {
    return this.#usage;
  }

  add(event: TraceEvent): void {
    for (const [line, amount] of this.#amountsOf(event)) {
      if (amount !== 0) this.#usage.set(line, (this.#usage.get(line) ?? 0) + amount);
    }
  }

  #amountsOf(event: TraceEvent): Amounts {
    switch (event.service) {
      case 'apigateway':
        return event.action === 'Failed' ? [] : [['apigateway.rest', 1]];
      case 'websocket':
        return socket(event);
      case 'lambda':
        return event.action === 'Invoke' ? invocation(event) : [];
      case 'sqs':
        return event.action === 'Request' ? queueRequest(event) : [];
      case 'sns':
        return this.#topic(event);
      case 'kinesis':
        return event.action === 'PutRecord'
          ? [['kinesis.putUnits', chunks(number(event, 'bytes'), KINESIS_CHUNK)]]
          : [];
      case 'dynamodb':
        return table(event);
      case 's3':
        return bucket(event);
      default:
        return [];
    }
  }

  #topic(event: TraceEvent): Amounts {
    const bytes = number(event, 'bytes');
    if (event.action === 'Publish') {
      const request = String(event.ids?.requestId ?? event.ids?.messageId ?? '');
      const before = this.#published.get(request);
      this.#published.set(request, (before ?? 0) + bytes);
      const counted = before === undefined ? 0 : chunks(before, SNS_CHUNK);
      return [['sns.publishes', chunks((before ?? 0) + bytes, SNS_CHUNK) - counted]];
    }
    if (event.action !== 'Deliver' && event.action !== 'DeliveryFailed') return [];
    const protocol = String(event.ids?.protocol ?? '');
    if (protocol.startsWith('http')) return [['sns.deliveries.http', chunks(bytes, SNS_CHUNK)]];
    if (protocol === 'lambda') return [['sns.deliveries.lambda', 1]];
    return protocol === 'sqs' ? [['sns.deliveries.sqs', 1]] : [];
  }
}

const socket = (event: TraceEvent): Amounts => {
  if (event.action === 'Disconnect')
    return [['apigateway.websocket.minutes', connectionMinutes(number(event, 'connectedMs'))]];
  if (event.action !== 'Message' && event.action !== 'PostToConnection') return [];
  return [['apigateway.websocket.messages', chunks(number(event, 'bytes'), SOCKET_CHUNK)]];
};

const invocation = (event: TraceEvent): Amounts => [
  ['lambda.requests', 1],
  ['lambda.gbSeconds', gbSeconds(number(event, 'billedMs'), number(event, 'memoryMb'))],
];

const queueRequest = (event: TraceEvent): Amounts => {
  const { operation, requests = 1, requestId, messages } = event.ids ?? {};
  if (operation === 'Delivery') return [['sqs.deliveries', 1]];
  // A request of an event source has no request id: it did not come over the wire.
  if (operation === 'ReceiveMessage' && messages === 0 && requestId === undefined)
    return [['sqs.emptyPolls', 1]];
  const amount = Number(requests) * chunks(number(event, 'bytes'), SQS_CHUNK);
  return [[event.resource.endsWith('.fifo') ? 'sqs.fifo' : 'sqs.standard', amount]];
};

/** A write whose condition failed consumes what it would have written: the engine does not say how much, at least one. */
const table = (event: TraceEvent): Amounts => {
  const isWrite = DYNAMODB_WRITE.test(event.action);
  const units = event.ids?.units;
  if (isWrite) return [['dynamodb.writes', units === undefined ? 1 : Number(units)]];
  return units === undefined ? [] : [['dynamodb.reads', Number(units)]];
};

const bucket = ({ action, ids = {} }: TraceEvent): Amounts => {
  const isRequest = 'requestId' in ids && !('destination' in ids);
  if (!isRequest || S3_FREE.test(action)) return [];
  return [[S3_PUT.test(action) ? 's3.put' : 's3.get', 1]];
};
