import type { APIGatewayProxyEvent } from 'aws-lambda';
import { bodyTooLarge, invalidRequest, notAcceptable, unsupportedMediaType } from '../domain/problem.ts';
import { ImageContentType } from '../messages/job-request.ts';
import { Format, type OutputFormat } from '../messages/operations.ts';
import { headerOf } from './header.ts';

/**
 * The largest image in a request, in bytes: it reaches the function in base64, in an event of at most 6 MB
 * (Lambda guide, "Lambda quotas").
 */
export const MAX_IMAGE_BYTES = 4_000_000;

const IMAGE_TYPES = ImageContentType.options.join(', ');

/**
 * The image in the body of a request. What it is declared as says only that it is one: API Gateway hands over as bytes
 * what comes under one of the API's binary media types, and mangles everything else as if it were text.
 * @throws {ProblemError} `invalid-request`, `unsupported-media-type`, `body-too-large`
 */
export const readImage = ({ body, isBase64Encoded }: APIGatewayProxyEvent): Uint8Array => {
  if (!body) throw invalidRequest([{ pointer: '#', detail: 'the body must be an image' }]);
  if (!isBase64Encoded)
    throw unsupportedMediaType(`The Content-Type of the body must be one of ${IMAGE_TYPES}.`);
  const bytes = Buffer.from(body, 'base64');
  if (bytes.byteLength > MAX_IMAGE_BYTES) {
    throw bodyTooLarge(`The image has ${bytes.byteLength} bytes, ${MAX_IMAGE_BYTES} are allowed.`);
  }
  return bytes;
};

/**
 * The format that the client would like best, where it is one that we make.
 *
 * API Gateway sends bytes only to a client whose `Accept` begins with one of the API's binary media types; any other would
 * get base64 that calls itself an image (API Gateway guide, "Return binary media from a Lambda proxy integration").
 * @throws {ProblemError} `not-acceptable` for such a client
 */
export const preferredFormat = (event: APIGatewayProxyEvent): OutputFormat | undefined => {
  const [first = ''] = (headerOf(event)('accept') ?? '').split(/[,;]/, 1);
  const accepted = ImageContentType.safeParse(first.trim().toLowerCase());
  if (!accepted.success) {
    throw notAcceptable(
      `The header Accept must begin with one of ${IMAGE_TYPES}: the gateway sends bytes to nobody else.`,
    );
  }
  return Format.shape.format.safeParse(accepted.data.replace('image/', '')).data;
};
