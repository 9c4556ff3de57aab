import { startTestApp, type TestApp } from '../support/local-app.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp();
});
afterAll(() => running.close());

const resize = { op: 'resize', width: 100 };
const post = (body: string) =>
  running.app.jobs.fetch('/v1/jobs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
const job = (change: object) =>
  JSON.stringify({ contentType: 'image/jpeg', contentLength: 1000, operations: [resize], ...change });

describe('POST /v1/jobs refuses with a problem that names the field', () => {
  test.each([
    ['an unknown operation', job({ operations: [{ op: 'explode' }] }), 'operations'],
    ['a wrong type', job({ contentLength: 'large' }), 'contentLength'],
    ['more than ten operations', job({ operations: Array(11).fill(resize) }), 'operations'],
    ['a missing field', JSON.stringify({ contentType: 'image/png', operations: [] }), 'contentLength'],
    ['a type that is no raster image', job({ contentType: 'image/svg+xml' }), 'contentType'],
    ['a wrong parameter of an operation', job({ operations: [{ op: 'resize', width: -1 }] }), 'width'],
  ])('%s', async (_case, body, field) => {
    const response = await post(body);

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.text()).toContain(field);
  });

  test.each([
    ['a body that is not JSON', '{"contentType":'],
    ['a body that is too large', `${job({})}${' '.repeat(300_000)}`],
  ])('%s', async (_case, body) => {
    const response = await post(body);

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({
      type: expect.stringMatching(/^urn:|^https?:/),
      title: expect.any(String),
    });
  });
});

test.each(['', '/result'])('an unknown job is a 404 problem (GET /v1/jobs/{id}%s)', async (suffix) => {
  const response = await running.app.jobs.fetch(`/v1/jobs/00000000-0000-4000-8000-000000000000${suffix}`);

  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(await response.json()).toMatchObject({ title: expect.any(String) });
});
