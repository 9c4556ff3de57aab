import sharp from 'sharp';
import type { App } from './app/app.ts';
import { whileDown } from './app/function-down.ts';
import { until } from './app/until.ts';
import { photograph } from './photograph.ts';
import { scenario } from './scenario.ts';

/** No caller waits longer than API Gateway does; an error that comes at once takes a small part of that. */
const AT_ONCE_MS = 5_000;

export const requestResponse = scenario(
  'request-response',
  'request/response',
  'the answer is the image itself, and while the function is down every caller gets an error at once',
  async ({ app, check, hop }) => {
    const photo = await photograph(1600, 1200);

    const answer = await makeThumbnail(app, photo);
    hop('asked and answered');
    const { width, height, format } = await sharp(answer.body).metadata();
    check(
      'the answer to the request is the image itself',
      answer.status === 200 && width === 320 && height === 240 && format === 'webp',
      { status: answer.status, contentType: answer.contentType, width, height, bytes: answer.body.length },
    );

    const failed = await whileDown(app, app.output('MakeThumbnailFunctionName'), () =>
      until(
        'the function to be down',
        () => makeThumbnail(app, photo),
        ({ status }) => status !== 200,
      ),
    );
    hop('asked while the function is down');
    check('with the function down the caller gets a 5xx', failed.status >= 500, failed.status);
    check('it gets it at once', failed.ms < AT_ONCE_MS, `${failed.ms} ms`);
    check(
      'the error is a problem like any other',
      failed.contentType.startsWith('application/problem+json'),
      new TextDecoder().decode(failed.body),
    );

    const again = await until(
      'the function to be back',
      () => makeThumbnail(app, photo),
      ({ status }) => status === 200,
    );
    hop('back: asked again and answered');
    check(
      'once the function is back it answers those who ask again: nobody else would',
      again.body.length > 0,
      {
        status: again.status,
        bytes: again.body.length,
      },
    );
  },
);

const makeThumbnail = async (app: App, photo: Uint8Array<ArrayBuffer>) => {
  const startedAt = performance.now();
  const response = await app.fetch('/v1/thumbnails?width=320&format=webp', {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg', accept: 'image/webp' },
    body: photo,
  });
  const body = new Uint8Array(await response.arrayBuffer());
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    body,
    ms: Math.round(performance.now() - startedAt),
  };
};
