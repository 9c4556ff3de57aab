import {
  jobChanged,
  jobDeadline,
  jobExhausted,
  jobFailed,
  jobSucceeded,
  jobWatched,
} from '../../../lambdas/domain/messages.ts';
import { CloudEvent } from '../../../lambdas/messages/cloud-event.ts';
import { bodyOf, decode, readable } from '../../../lambdas/messages/decode.ts';
import { JobDeadline, JobNews, JobOutcome, JobRequested } from '../../../lambdas/messages/job-messages.ts';
import { createdKeys, UploadNotification } from '../../../lambdas/messages/upload-notification.ts';
import { aJob, aProblem, aRequest, aResult, clock, JOB_ID, trace } from '../support/jobs.ts';

const cause = { ...trace, causationId: 'cause' };

test.each([
  ['requested', JobRequested, aRequest()],
  ['succeeded', JobOutcome, jobSucceeded(JOB_ID, aResult, cause, clock)],
  ['failed', JobOutcome, jobFailed(JOB_ID, aProblem, cause, clock)],
  ['exhausted', JobOutcome, jobExhausted(JOB_ID, 'm-1', { ...aProblem, retryable: true }, cause, clock)],
  ['changed', JobNews, jobChanged(aJob({ webhook: { url: 'https://example.com' } }))],
  ['watched', JobNews, jobWatched(aJob(), 'connection', 'wish', clock)],
  ['deadline', JobDeadline, jobDeadline(aJob(), clock)],
])('what is sent is a CloudEvent and keeps its contract on the way: %s', (_case, contract, message) => {
  const text = JSON.stringify(message);

  expect(decode(CloudEvent, text)).toEqual(message);
  expect(bodyOf<unknown>(contract)({ body: text })).toEqual(message);
});

test('attributes of a newer producer do not break a consumer', () => {
  const newer = JSON.stringify({
    ...aRequest(),
    partitionkey: 'x',
    data: { ...aRequest().data, priority: 1 },
  });

  expect(readable(JobRequested, newer)).toEqual(aRequest());
});

test.each([
  ['text that is not JSON', 'garbage'],
  ['another type', JSON.stringify({ ...aRequest(), type: 'serverless-ipc.job.requested.v2' })],
  [
    'a traceparent of zeros',
    JSON.stringify({ ...aRequest(), traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00` }),
  ],
  [
    'an unknown operation',
    JSON.stringify({ ...aRequest(), data: { ...aRequest().data, operations: [{ op: 'x' }] } }),
  ],
])('%s is not taken', (_case, text) => {
  expect(() => decode(JobRequested, text)).toThrow();
  expect(readable(JobRequested, text)).toBeUndefined();
});

const notification = (...keys: string[]) => ({
  Records: keys.map((key) => ({
    eventName: 'ObjectCreated:Post',
    s3: { bucket: { name: 'b' }, object: { key } },
  })),
});

test('keys come out of a notification as they were before S3 encoded them', () => {
  const read = UploadNotification.parse(notification('uploads/a+b%2Bc%C3%A9', 'uploads/2'));

  expect(createdKeys(read)).toEqual(['uploads/a b+cé', 'uploads/2']);
});

test('the test event of S3 names no object', () => {
  const read = UploadNotification.parse({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' });

  expect(createdKeys(read)).toEqual([]);
});
