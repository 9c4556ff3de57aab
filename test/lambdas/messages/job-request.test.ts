import Ajv from 'ajv-draft-04';
import fc from 'fast-check';
import { JobRequest, MAX_UPLOAD_BYTES } from '../../../lambdas/messages/job-request.ts';
import { jobRequestSchema } from '../../../lambdas/messages/job-request-schema.ts';

const request = (change: object = {}) => ({
  contentType: 'image/png',
  contentLength: 1000,
  operations: [{ op: 'resize', width: 100 }],
  ...change,
});
const withOperation = (operation: unknown) => request({ operations: [operation] });
const accepts = new Ajv.default({ strict: false }).compile(jobRequestSchema);

test.each([
  { op: 'resize', width: 320, height: 240, fit: 'cover' },
  { op: 'resize', height: 240, enlarge: true },
  { op: 'crop', left: 0, top: 0, width: 10, height: 10 },
  { op: 'crop', strategy: 'smart', width: 10, height: 10 },
  { op: 'rotate', degrees: 90 },
  { op: 'flip' },
  { op: 'flop' },
  { op: 'grayscale' },
  { op: 'blur', sigma: 2 },
  { op: 'sharpen' },
  { op: 'format', format: 'webp', quality: 80 },
])('$op is taken by the contract and by the model of the gateway: %j', (operation) => {
  expect(JobRequest.safeParse(withOperation(operation)).success).toBe(true);
  expect(accepts(withOperation(operation))).toBe(true);
});

test.each<[string, unknown]>([
  ['an unknown operation', withOperation({ op: 'explode' })],
  ['an operation without a name', withOperation({ width: 1 })],
  ['an unknown parameter', withOperation({ op: 'flip', twice: true })],
  ['a text for a number', withOperation({ op: 'resize', width: '100' })],
  ['a fraction of a pixel', withOperation({ op: 'resize', width: 1.5 })],
  ['no pixel', withOperation({ op: 'resize', width: 0 })],
  ['too many pixels', withOperation({ op: 'resize', width: 20_000 })],
  ['half a region', withOperation({ op: 'crop', width: 10, height: 10 })],
  ['a region and a strategy', withOperation({ op: 'crop', strategy: 'smart', left: 0, width: 1, height: 1 })],
  ['an angle between', withOperation({ op: 'rotate', degrees: 45 })],
  ['a format that is not made', withOperation({ op: 'format', format: 'gif' })],
  ['a quality above 100', withOperation({ op: 'format', format: 'webp', quality: 101 })],
  ['more than ten operations', request({ operations: Array(11).fill({ op: 'flip' }) })],
  ['SVG', request({ contentType: 'image/svg+xml' })],
  ['an empty upload', request({ contentLength: 0 })],
  ['a huge upload', request({ contentLength: MAX_UPLOAD_BYTES + 1 })],
  ['an unknown field', request({ callback: 'https://example.com' })],
  ['no operations', { contentType: 'image/png', contentLength: 1 }],
  ['nothing', undefined],
])('%s is refused by the contract and by the model of the gateway', (_case, body) => {
  expect(JobRequest.safeParse(body).success).toBe(false);
  expect(accepts(body)).toBe(false);
});

test('a resize without a side is refused by the contract: JSON Schema of the gateway does not say it', () => {
  expect(JobRequest.safeParse(withOperation({ op: 'resize' })).error?.issues).toMatchObject([
    { path: ['operations', 0, 'width'] },
  ]);
});

/** Operations that are right often enough to be taken, and wrong in every way. */
const operation = fc.record(
  {
    op: fc.constantFrom('resize', 'crop', 'rotate', 'flip', 'blur', 'format', 'explode'),
    width: fc.integer({ min: -1, max: 20_000 }),
    height: fc.double(),
    left: fc.nat(),
    top: fc.nat(),
    strategy: fc.constantFrom('smart', 'region', 'other'),
    degrees: fc.constantFrom(90, 45),
    sigma: fc.double({ min: 0, max: 200 }),
    format: fc.constantFrom('webp', 'gif'),
    enlarge: fc.anything(),
  },
  { requiredKeys: ['op'] },
);

test('the model of the gateway refuses nothing that the contract takes', () => {
  let taken = 0;
  fc.assert(
    fc.property(
      fc.array(operation, { maxLength: 1 }),
      fc.integer({ min: -5, max: 100 }),
      (operations, contentLength) => {
        const body = request({ operations, contentLength });
        if (!JobRequest.safeParse(body).success) return;
        taken += 1;

        expect(accepts(body)).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
  expect(taken).toBeGreaterThan(0);
});
