import {
  type Bytes,
  corruptHeader,
  hugePng,
  jpeg,
  notAnImage,
  svg,
  truncatedJpeg,
} from '../support/images.ts';
import { startTestApp, type TestApp } from '../support/local-app.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp();
});
afterAll(() => running.close());

const thumbnail = (
  image: Bytes,
  query = 'width=100',
  headers: Record<string, string> = { 'content-type': 'image/jpeg', accept: 'image/webp' },
) => running.app.fetch(`/v1/thumbnails?${query}`, { method: 'POST', headers, body: image });

const expectProblem = async (response: Response, status: number, type: string): Promise<void> => {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(await response.json()).toMatchObject({ type: `urn:problem:serverless-ipc:${type}` });
};

describe('POST /v1/thumbnails refuses with a problem', () => {
  const zeros = (length: number) => () => new Uint8Array(length);

  test.each<[string, () => Bytes | Promise<Bytes>, number, string]>([
    ['an SVG', svg, 422, 'unsupported-image'],
    ['what is no image', notAnImage, 422, 'not-an-image'],
    ['a truncated image', truncatedJpeg, 422, 'corrupt-image'],
    ['an image with a damaged header', corruptHeader, 422, 'corrupt-image'],
    ['a decompression bomb', hugePng, 422, 'too-many-pixels'],
    ['no body', zeros(0), 400, 'invalid-request'],
    ['more than is allowed', zeros(4_000_001), 413, 'body-too-large'],
    ['more than fits into an event', zeros(5_000_000), 413, 'body-too-large'],
    ['more than passes the gateway', zeros(10_500_000), 413, 'body-too-large'],
  ])('%s', async (_case, image, status, type) => {
    await expectProblem(await thumbnail(await image()), status, type);
  });

  test.each([
    '',
    'width=0',
    'width=1025',
    'width=wide',
    'height=1.5',
    'width=9&format=gif',
    'width=9&fit=cover',
  ])('the query "%s"', async (query) => {
    await expectProblem(await thumbnail(await jpeg(40, 30), query), 400, 'invalid-request');
  });

  test('an image that is declared as something else than an image: its bytes would not arrive', async () => {
    const headers = { 'content-type': 'application/octet-stream', accept: 'image/webp' };

    await expectProblem(
      await thumbnail(await jpeg(40, 30), 'width=9', headers),
      415,
      'unsupported-media-type',
    );
  });

  test('a client that does not ask for an image: it would get base64', async () => {
    const headers = { 'content-type': 'image/jpeg', accept: '*/*' };

    await expectProblem(await thumbnail(await jpeg(40, 30), 'width=9', headers), 406, 'not-acceptable');
  });
});

test('an image that is declared as another kind of image is taken for what it is', async () => {
  const headers = { 'content-type': 'image/png', accept: 'image/gif' };

  const response = await thumbnail(await jpeg(40, 30), 'width=9', headers);

  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('image/jpeg');
});

describe('POST /v1/images/{imageId}/edits refuses with a problem', () => {
  const flip = JSON.stringify({ op: 'flip' });

  test.each([
    ['an unknown operation', 'image', JSON.stringify({ op: 'explode' }), {}],
    ['an unknown parameter', 'image', JSON.stringify({ op: 'flip', twice: true }), {}],
    ['an operation without a name', 'image', JSON.stringify({ width: 1 }), {}],
    ['a list', 'image', `[${flip}]`, {}],
    ['what is not JSON', 'image', '{"op":', {}],
    ['nothing', 'image', '', {}],
    ['an image id that is none', 'no%20image', flip, {}],
    ['a key that is too long', 'image', flip, { 'idempotency-key': 'x'.repeat(256) }],
  ])('%s', async (_case, imageId, body, headers) => {
    const response = await running.app.fetch(`/v1/images/${imageId}/edits`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });

    await expectProblem(response, 400, 'invalid-request');
  });
});

test('an image without edits has none', async () => {
  const response = await running.app.fetch('/v1/images/never-edited/edits');

  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ imageId: 'never-edited', edits: [] });
});
