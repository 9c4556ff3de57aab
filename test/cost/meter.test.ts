import type { Line } from '../../cost/lines.ts';
import { Meter } from '../../cost/meter.ts';
import type { TraceIds } from '../../local/trace.ts';

type Event = readonly [service: string, action: string, ids?: TraceIds, resource?: string];
type Case = [what: string, events: readonly Event[], expected: Partial<Record<Line, number>>];

const usageOf = (events: readonly Event[]) => {
  const meter = new Meter();
  for (const [service, action, ids = {}, resource = 'arn:aws:sqs:us-east-1:000000000000:Jobs'] of events)
    meter.add({ at: 0, service, action, resource, ids });
  return Object.fromEntries(meter.usage);
};

const request = (operation: string, ids: TraceIds = {}): Event => ['sqs', 'Request', { operation, ...ids }];

const cases: Case[] = [
  [
    'a queue: each request by its payload, a batch as one',
    [
      request('SendMessage', { bytes: 10, requestId: 'r1' }),
      request('SendMessage', { bytes: 130_000, requestId: 'r2' }),
      request('ReceiveMessage', { bytes: 100, messages: 2 }),
      request('DeleteMessageBatch', { requests: 3 }),
      request('GetQueueAttributes', { requestId: 'r3' }),
    ],
    { 'sqs.standard': 1 + 2 + 1 + 3 + 1 },
  ],
  [
    'empty receives: those of an event source apart from those of a client',
    [
      request('ReceiveMessage', { bytes: 0, messages: 0 }),
      request('ReceiveMessage', { bytes: 0, messages: 0, requestId: 'r1' }),
    ],
    { 'sqs.emptyPolls': 1, 'sqs.standard': 1 },
  ],
  [
    'a FIFO queue has its own price',
    [
      [
        'sqs',
        'Request',
        { operation: 'SendMessage', bytes: 1 },
        'arn:aws:sqs:us-east-1:000000000000:Edits.fifo',
      ],
    ],
    { 'sqs.fifo': 1 },
  ],
  [
    'a topic: the publications of one request are one payload',
    [
      ['sns', 'Publish', { requestId: 'r1', bytes: 40_000 }],
      ['sns', 'Publish', { requestId: 'r1', bytes: 20_000 }],
      ['sns', 'Publish', { requestId: 'r1', bytes: 20_000 }],
      ['sns', 'Publish', { requestId: 'r2', bytes: 1 }],
    ],
    { 'sns.publishes': 2 + 1 },
  ],
  [
    'deliveries by kind, those that failed too',
    [
      ['sns', 'Deliver', { protocol: 'sqs' }],
      ['sns', 'Deliver', { protocol: 'lambda' }],
      ['sns', 'Deliver', { protocol: 'https', bytes: 70_000 }],
      ['sns', 'DeliveryFailed', { protocol: 'http', bytes: 10 }],
    ],
    { 'sns.deliveries.sqs': 1, 'sns.deliveries.lambda': 1, 'sns.deliveries.http': 3 },
  ],
  [
    'a stream by payload units, a function by memory and billed time',
    [
      ['kinesis', 'PutRecord', { bytes: 30_000 }],
      ['lambda', 'Invoke', { billedMs: 2000, memoryMb: 512 }],
      ['lambda', 'PollFailed'],
    ],
    { 'kinesis.putUnits': 2, 'lambda.requests': 1, 'lambda.gbSeconds': 1 },
  ],
  [
    'a table by what the engine says; a write that failed is one at least',
    [
      ['dynamodb', 'GetItem', { units: 0.5 }],
      ['dynamodb', 'PutItem', { units: 2 }],
      ['dynamodb', 'UpdateItem'],
      ['dynamodb', 'DescribeTable'],
    ],
    { 'dynamodb.reads': 0.5, 'dynamodb.writes': 3 },
  ],
  [
    'a bucket by kind of request; deletions and notifications are free',
    [
      ['s3', 'PutObject', { requestId: 'r1' }],
      ['s3', 'PostObject', { requestId: 'r2' }],
      ['s3', 'ListObjectsV2', { requestId: 'r3' }],
      ['s3', 'HeadObject', { requestId: 'r4' }],
      ['s3', 'DeleteObject', { requestId: 'r5' }],
      ['s3', 'Notify', { cause: 'r1', destination: 'queue' }],
    ],
    { 's3.put': 3, 's3.get': 1 },
  ],
  [
    'an API by requests, a socket by messages and minutes',
    [
      ['apigateway', 'POST', { status: 202 }],
      ['apigateway', 'Failed', { reason: 'no' }],
      ['websocket', 'Message', { bytes: 33_000 }],
      ['websocket', 'PostToConnection', { bytes: 10 }],
      ['websocket', 'Disconnect', { connectedMs: 61_000 }],
    ],
    { 'apigateway.rest': 1, 'apigateway.websocket.messages': 3, 'apigateway.websocket.minutes': 2 },
  ],
];

test.each(cases)('%s', (_, events, expected) => {
  expect(usageOf(events)).toEqual(expected);
});
