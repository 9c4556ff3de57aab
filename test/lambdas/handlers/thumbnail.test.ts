import type { APIGatewayProxyEvent } from 'aws-lambda';
import { handler } from '../../../lambdas/make-thumbnail/handler.ts';
import { dimensions, hugePng, jpeg, notAnImage, svg, truncatedJpeg } from '../../support/images.ts';
import { json } from '../support/image-service.ts';
import { restEvent } from '../support/rest-event.ts';

/** A request as API Gateway hands it over when its type is one of the binary ones. */
const post = (image: Uint8Array, change: Partial<APIGatewayProxyEvent> = {}) =>
  handler(
    restEvent({
      path: '/v1/thumbnails',
      headers: { Accept: 'image/webp', 'Content-Type': 'image/jpeg' },
      queryStringParameters: { width: '100' },
      body: Buffer.from(image).toString('base64'),
      isBase64Encoded: true,
      ...change,
    }),
  );

const problem = (name: string) => ({ type: `urn:problem:serverless-ipc:${name}` });

test('the answer is the thumbnail, in the format that the client accepts', async () => {
  const response = await post(await jpeg(400, 300));

  expect(response).toMatchObject({
    statusCode: 200,
    isBase64Encoded: true,
    headers: { 'content-type': 'image/webp', 'access-control-allow-origin': '*' },
  });
  expect(await dimensions(Buffer.from(response.body, 'base64'))).toEqual({ width: 100, height: 75 });
});

test('with both sides the box is filled', async () => {
  const response = await post(await jpeg(400, 300), { queryStringParameters: { width: '50', height: '80' } });

  expect(await dimensions(Buffer.from(response.body, 'base64'))).toEqual({ width: 50, height: 80 });
});

test.each([
  ['image/avif,image/webp,*/*;q=0.8', 'image/avif'],
  ['image/PNG;q=0.9', 'image/png'],
  ['image/gif', 'image/jpeg'],
])('Accept: %s is answered with %s', async (Accept, contentType) => {
  const response = await post(await jpeg(40, 30), { headers: { Accept } });

  expect(response.headers).toMatchObject({ 'content-type': contentType });
});

test.each(['*/*', 'application/json', 'text/html,image/webp', undefined])(
  'a client that would get base64 instead of bytes is told so: Accept: %s',
  async (Accept) => {
    const response = await post(await jpeg(40, 30), { headers: Accept === undefined ? {} : { Accept } });

    expect(response.statusCode).toBe(406);
    expect(json(response)).toMatchObject(problem('not-acceptable'));
  },
);

test('a body that came as text is refused: its bytes are lost', async () => {
  const response = await post(await jpeg(40, 30), { isBase64Encoded: false });

  expect(response.statusCode).toBe(415);
  expect(json(response)).toMatchObject(problem('unsupported-media-type'));
});

test.each([
  ['an SVG', svg, 422, 'unsupported-image'],
  ['what is no image', notAnImage, 422, 'not-an-image'],
  ['a truncated image', truncatedJpeg, 422, 'corrupt-image'],
  ['a decompression bomb', hugePng, 422, 'too-many-pixels'],
  ['an image that is too large', () => new Uint8Array(4_000_001), 413, 'body-too-large'],
  ['nothing', () => new Uint8Array(), 400, 'invalid-request'],
])('%s is a problem', async (_case, image, status, name) => {
  const response = await post(await image());

  expect(response.statusCode).toBe(status);
  expect(response.headers).toMatchObject({ 'content-type': 'application/problem+json' });
  expect(json(response)).toMatchObject(problem(name));
});

test('a wrong query is a problem that names each parameter', async () => {
  const response = await post(await jpeg(40, 30), {
    queryStringParameters: { width: 'wide', format: 'bmp', sharpen: '1' },
  });

  expect(response.statusCode).toBe(400);
  expect(json(response)).toMatchObject({
    errors: [{ pointer: 'query/width' }, { pointer: 'query/format' }, { pointer: 'query/sharpen' }],
  });
});
