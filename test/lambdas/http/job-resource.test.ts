import { describeJob, etagOf, isUnchanged } from '../../../lambdas/http/job-resource.ts';
import { aJob, aResult, JOB_ID } from '../support/jobs.ts';

test('a job shows its owner what can be done next', () => {
  const self = `/live/v1/jobs/${JOB_ID}`;

  expect(describeJob(aJob(), '/live/v1/jobs')).toMatchObject({ links: { self, cancel: `${self}/cancel` } });
  expect(describeJob(aJob({ status: 'succeeded', result: aResult }), '/live/v1/jobs')).toMatchObject({
    links: { self, result: `${self}/result` },
  });
});

test('a job shows nothing that is only for us', () => {
  const shown = describeJob(aJob(), '/v1/jobs');

  expect(shown).not.toHaveProperty('trace');
  expect(shown).not.toHaveProperty('owner');
});

test.each([
  ['"7"', true],
  ['W/"7"', true],
  ['"6", "7"', true],
  ['*', true],
  ['"6"', false],
  ['7', false],
  [undefined, false],
])('a client that has %s has the seventh state: %s', (ifNoneMatch, expected) => {
  expect(isUnchanged(ifNoneMatch, etagOf(aJob({ seq: 7 })))).toBe(expected);
});
