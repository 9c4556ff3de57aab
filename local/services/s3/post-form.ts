import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { invalidArgument, preconditionFailed, S3Error } from './errors.ts';

export interface Form {
  /** By name in lower case; what follows the file is ignored, as on S3. */
  readonly fields: ReadonlyMap<string, string>;
  readonly file: Readable;
  readonly fileName: string;
}

/** "POST form fields": all fields before the file together may have 20 KB. */
const LARGEST_FIELD = 20 * 1024;
const MOST_FIELDS = 100;

const malformed = (): S3Error =>
  new S3Error(
    'MalformedPOSTRequest',
    'The body of your POST request is not well-formed multipart/form-data.',
    400,
  );

/** Reads a form up to its file, which is left to be streamed. */
export const readForm = (request: IncomingMessage): Promise<Form> => {
  const contentType = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data;.*boundary=/i.test(contentType))
    throw preconditionFailed('Bucket POST must be of the enclosure-type multipart/form-data');
  const { promise, resolve, reject } = Promise.withResolvers<Form>();
  const fields = new Map<string, string>();
  let file: Readable | undefined;
  const parser = new Busboy({
    headers: { ...request.headers, 'content-type': contentType },
    limits: { fieldSize: LARGEST_FIELD, fields: MOST_FIELDS },
    isPartAFile: (name, _type, fileName) => name === 'file' || fileName !== undefined,
  });
  const stop = (): void => {
    reject(malformed());
    file?.destroy(malformed());
  };

  parser.on('field', (name, value, _nameTruncated, truncated) => {
    if (truncated)
      reject(
        new S3Error(
          'MaxPostPreDataLengthExceeded',
          'Your POST request fields preceding the upload file were too large.',
          400,
        ),
      );
    if (!file) fields.set(name.toLowerCase(), value);
  });
  parser.on('file', (name, stream, fileName) => {
    if (name !== 'file' || file) {
      stream.resume();
      return;
    }
    file = stream;
    resolve({ fields, file: stream, fileName: fileName ?? '' });
  });
  parser.on('finish', () =>
    reject(invalidArgument('POST requires exactly one file upload per request.', 'file', '0')),
  );
  parser.on('error', stop);
  request.once('close', () => {
    if (!request.complete) stop();
  });
  request.pipe(parser);
  return promise;
};
