import type { TraceEvent } from '../../../../scenarios/app/trace/event.ts';
import { printTrace } from '../../../../scenarios/app/trace/print.ts';
import { traceOf } from '../../../../scenarios/app/trace/tree.ts';

const JOB = '70ca618f-24b6-42bb-86a5-1105799ad56a';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:Worker-JobsQueue24944186-36c63018';
const DEAD = 'arn:aws:sqs:us-east-1:000000000000:Worker-Dead';
const STREAM = 'arn:aws:kinesis:us-east-1:000000000000:stream/Activity';

const event = (
  at: number,
  service: string,
  action: string,
  resource: string,
  ids: TraceEvent['ids'] = {},
): TraceEvent => ({ at, service, action, resource, ids });

const post = event(1000, 'apigateway', 'POST', 'Api/live/v1/jobs', {
  requestId: 'r1',
  segment: 'a',
  status: 202,
  latencyMs: 40,
  location: `/live/v1/jobs/${JOB}`,
});
const asked = event(1030, 'lambda', 'Invoke', 'RequestJob', {
  parent: 'a',
  segment: 'b',
  status: 'success',
  durationMs: 20,
});
const sent = (messageId: string, ids: TraceEvent['ids'] = {}, resource = QUEUE) =>
  event(1020, 'sqs', 'SendMessage', resource, { messageId, ...ids });
const received = (at: number, messageId: string, receiveCount: number) =>
  event(at, 'sqs', 'ReceiveMessage', QUEUE, { messageId, receiveCount });
const worked = (at: number, messages: string, receiveCounts: string, ids: TraceEvent['ids'] = {}) =>
  event(at, 'lambda', 'Invoke', 'Work', {
    messages,
    receiveCounts,
    status: 'success',
    durationMs: 10,
    ...ids,
  });

test('a message stands under the call that sent it, with each attempt at it, how long that took and how it ended', () => {
  const events = [
    sent('m1', { parent: 'b', subject: JOB }),
    received(1050, 'm1', 1),
    asked,
    post,
    worked(1060, 'm1', '1', { status: 'error' }),
    received(1080, 'm1', 2),
    worked(1090, 'm1', '2'),
    event(1095, 'sqs', 'DeleteMessage', QUEUE, { messageId: 'm1' }),
  ];

  const text = printTrace(traceOf(events, JOB));

  expect(text.split('\n').map((line) => line.trimStart())).toEqual([
    '+0 ms  apigateway  POST Api/live/v1/jobs  202 in 40 ms',
    '+10 ms    lambda  RequestJob  success in 20 ms',
    '+20 ms      sqs  Worker-JobsQueue  message m1, received 2x, first after 30 ms, deleted after 75 ms',
    '+50 ms        lambda  Work  attempt 1, error in 10 ms',
    '+80 ms        lambda  Work  attempt 2, success in 10 ms',
  ]);
});

test('what a topic delivered stands under the publication; a failed delivery is told, one that has arrived is its message', () => {
  const events = [
    event(1000, 'sns', 'Publish', 'arn:aws:sns:us-east-1:000000000000:Events', {
      messageId: 'p1',
      subject: JOB,
    }),
    event(1005, 'sns', 'DeliveryFailed', DEAD, { messageId: 'p1', cause: 'p1', attempt: 1 }),
    sent('m1', { cause: 'p1' }),
    event(1030, 'sns', 'Deliver', QUEUE, { messageId: 'p1', cause: 'p1', attempt: 1 }),
  ];

  const [publication] = traceOf(events, JOB);

  expect(publication?.children.map((child) => [child.event.action, child.event.resource])).toEqual([
    ['DeliveryFailed', DEAD],
    ['SendMessage', QUEUE],
  ]);
});

test('a batch of many messages leads on only with the message that is asked for', () => {
  const events = [
    sent('m1', { subject: JOB }),
    sent('m2', { subject: 'another' }),
    worked(1060, 'm2 m1', '1 3', { segment: 'w' }),
    event(1055, 'sns', 'Publish', 'topic', { messageId: 'p1', parent: 'w', subject: JOB }),
    event(1056, 'sns', 'Publish', 'topic', { messageId: 'p2', parent: 'w', subject: 'another' }),
  ];

  const [message, ...others] = traceOf(events, JOB);

  expect(others).toEqual([]);
  expect(message?.children).toMatchObject([{ receive: 3, children: [{ event: { ids: { subject: JOB } } }] }]);
});

test('an object leads to the message that tells of it, by the request that made it', () => {
  const events = [
    event(1000, 's3', 'PostObject', 'arn:aws:s3:::uploads', { requestId: 's1' }),
    sent('m1', { cause: 's1', key: `uploads/${JOB}` }),
    event(1021, 's3', 'Notify', 'arn:aws:s3:::uploads', {
      cause: 's1',
      key: `uploads/${JOB}`,
      destination: QUEUE,
    }),
  ];

  const [upload, ...others] = traceOf(events, JOB);

  expect(others).toEqual([]);
  expect(upload).toMatchObject({
    event: { action: 'PostObject' },
    children: [{ event: { action: 'SendMessage' } }],
  });
});

test('a record leads to every invocation whose batch it is in, and to no other', () => {
  const put = (sequenceNumber: string, subject: string) =>
    event(1000, 'kinesis', 'PutRecord', STREAM, { shardId: 's-0', sequenceNumber, subject });
  const read = (at: number, from: string, to: string, shardId = 's-0') =>
    event(at, 'lambda', 'Invoke', 'Count', { source: STREAM, shardId, from, to, records: 2, durationMs: 1 });
  const events = [
    put('490017954463355850', 'another'),
    put('490017954463355851', JOB),
    read(1010, '490017954463355850', '490017954463355851'),
    read(1020, '490017954463355851', '490017954463355852'),
    read(1030, '490017954463355852', '490017954463355853'),
    read(1040, '490017954463355850', '490017954463355852', 's-1'),
  ];

  const [record] = traceOf(events, JOB);

  expect(record?.children.map(({ event: { at } }) => at)).toEqual([1010, 1020]);
});

test('a message is followed from queue to dead-letter queue', () => {
  const events = [
    sent('m1', { subject: JOB }),
    event(1100, 'sqs', 'DeadLetter', QUEUE, { messageId: 'm1', to: DEAD }),
  ];

  expect(printTrace(traceOf(events, JOB))).toContain('moved to Worker-Dead');
});

test('a client that polls is told of once', () => {
  const poll = (at: number) =>
    event(at, 'apigateway', 'GET', 'Api/live/v1/jobs/{id}', {
      path: `/v1/jobs/${JOB}`,
      status: 200,
      latencyMs: 5,
    });

  const branches = traceOf([poll(1000), poll(1010), poll(1020)], JOB);

  expect(branches).toMatchObject([{ times: 3, children: [] }]);
});

test('nothing is made up for an id that no event names', () => {
  expect(traceOf([post, asked], 'unknown-id')).toEqual([]);
});
