/** The start of every problem type of this service: a URI that identifies and is not meant to be opened (RFC 9457, 3.1.1). */
const PREFIX = 'urn:problem:serverless-ipc:';

/** A problem object of RFC 9457; `status` is the HTTP status that it is answered with. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The fields that are wrong: JSON pointers (RFC 6901) into the request body, `#`-anchored as in RFC 9457's example. */
  readonly errors?: readonly FieldError[];
}

export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** An expected failure: it is told to whoever asked, and trying again will not help. Everything else is unexpected. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

type Detailed = (detail: string) => ProblemError;

const problem =
  (name: string, status: number, title: string): Detailed =>
  (detail) =>
    new ProblemError({ type: `${PREFIX}${name}`, title, status, detail });

/** The body or a parameter is wrong; `errors` name each field. */
export const invalidRequest = (errors: readonly FieldError[]): ProblemError =>
  new ProblemError({
    type: `${PREFIX}invalid-request`,
    title: 'The request is not valid',
    status: 400,
    detail: errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; '),
    errors,
  });

export const unknownJob: Detailed = problem('unknown-job', 404, 'There is no such job');
export const jobHasEnded: Detailed = problem('job-has-ended', 409, 'The job has already ended');
export const resultNotReady: Detailed = problem('result-not-ready', 409, 'The result is not there yet');
export const noResult: Detailed = problem('no-result', 410, 'There is no result, and there will be none');
export const resultExpired: Detailed = problem('result-expired', 410, 'The result is no longer kept');
export const notAcceptable: Detailed = problem('not-acceptable', 406, 'No such representation can be sent');
export const bodyTooLarge: Detailed = problem('body-too-large', 413, 'Content Too Large');
export const unsupportedMediaType: Detailed = problem(
  'unsupported-media-type',
  415,
  'The body is not of a supported type',
);
export const unknownSubscription: Detailed = problem(
  'unknown-subscription',
  404,
  'There is no such subscription',
);
export const subscriptionHasEnded: Detailed = problem(
  'subscription-has-ended',
  409,
  'The subscription has ended',
);
export const internalError: Detailed = problem('internal-error', 500, 'Something went wrong on our side');

export const notAnImage: Detailed = problem('not-an-image', 422, 'The upload is not an image');
export const unsupportedImage: Detailed = problem(
  'unsupported-image',
  422,
  'Images of this kind are refused',
);
export const corruptImage: Detailed = problem('corrupt-image', 422, 'The image is damaged');
export const tooManyPixels: Detailed = problem('too-many-pixels', 422, 'The image has too many pixels');
export const outputTooLarge: Detailed = problem('output-too-large', 422, 'The result would be too large');
export const cropOutside: Detailed = problem('crop-outside', 422, 'The crop lies outside the image');
export const uploadMissing: Detailed = problem('upload-missing', 422, 'The upload is no longer kept');
export const uploadTooLarge: Detailed = problem(
  'upload-too-large',
  422,
  'The upload is larger than declared',
);
export const processingExhausted: Detailed = problem(
  'processing-exhausted',
  500,
  'The job was tried too often',
);
