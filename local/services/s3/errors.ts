import { AwsError } from '../../errors.ts';

/** An error of S3, with the elements that stand beside code and message in its XML. */
export class S3Error extends AwsError {
  readonly detail: Readonly<Record<string, string>>;

  constructor(code: string, message: string, status: number, detail: Readonly<Record<string, string>> = {}) {
    super(code, message, status);
    this.detail = detail;
  }
}

/** Amazon S3 API Reference, "Error responses". */
export const noSuchBucket = (bucket: string): S3Error =>
  new S3Error('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket });

export const noSuchKey = (key: string): S3Error =>
  new S3Error('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });

export const noSuchUpload = (uploadId: string): S3Error =>
  new S3Error(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    404,
    { UploadId: uploadId },
  );

export const preconditionFailed = (condition: string): S3Error =>
  new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
    Condition: condition,
  });

export const accessDenied = (message: string): S3Error => new S3Error('AccessDenied', message, 403);

export const invalidArgument = (message: string, name: string, value: string): S3Error =>
  new S3Error('InvalidArgument', message, 400, { ArgumentName: name, ArgumentValue: value });

export const malformedXml = (): S3Error =>
  new S3Error(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
    400,
  );

export const entityTooLarge = (proposed: number, allowed: number): S3Error =>
  new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, {
    ProposedSize: String(proposed),
    MaxSizeAllowed: String(allowed),
  });

export const entityTooSmall = (proposed: number, allowed: number): S3Error =>
  new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
    ProposedSize: String(proposed),
    MinSizeAllowed: String(allowed),
  });

export const notImplemented = (what: string): S3Error =>
  new S3Error('NotImplemented', `The local cloud does not implement ${what}`, 501);
