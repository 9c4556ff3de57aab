import { readEnv } from '../../../lambdas/adapters/environment.ts';
import { RequestJobEnv } from '../../../lambdas/request-job/env.ts';

const complete = {
  JOBS_TABLE: 'jobs',
  UPLOADS_BUCKET: 'uploads',
  DEADLINES_QUEUE_URL: 'https://queue',
  WEBHOOKS_TABLE: 'webhooks',
  ALLOW_PRIVATE_WEBHOOKS: 'false',
};

test('what a function needs is read, and nothing else', () => {
  expect(readEnv(RequestJobEnv, { ...complete, PATH: '/bin' })).toEqual(complete);
});

test.each([
  [{ JOBS_TABLE: '' }, 'JOBS_TABLE'],
  [{ UPLOADS_BUCKET: undefined }, 'UPLOADS_BUCKET'],
])('a variable that is missing or empty is named: %j', (change, name) => {
  expect(() => readEnv(RequestJobEnv, { ...complete, ...change })).toThrow(name);
});
