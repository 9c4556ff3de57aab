import { z } from 'zod';
import { readBody } from '../service.ts';
import { arnOf } from './buckets.ts';
import { invalidArgument, notImplemented } from './errors.ts';
import { causeOf, type Exchange, header, type Operation, sendEmpty, sendXml } from './exchange.ts';
import { bodyOf, conditionsOf, headerFields, metadataOf } from './incoming.ts';
import { NAMESPACE, readXml } from './xml.ts';

const MOST_PARTS = 10_000;
const LARGEST_COMPLETION = 2 * 1024 * 1024;

const uploadIdOf = ({ query }: Exchange): string => query.get('uploadId') ?? '';

export const createMultipartUpload: Operation = {
  name: 'CreateMultipartUpload',
  run: async (exchange, { multipart }) => {
    const { bucket, key, call, request } = exchange;
    call.authorize('s3:PutObject', arnOf(bucket, key));
    request.resume();
    const id = await multipart.begin(bucket, key, metadataOf(headerFields(exchange)));
    sendXml(exchange, `InitiateMultipartUploadResult ${NAMESPACE}`, {
      Bucket: bucket,
      Key: key,
      UploadId: id,
    });
  },
};

export const uploadPart: Operation = {
  name: 'UploadPart',
  run: async (exchange, { multipart }) => {
    const { bucket, key, call, query } = exchange;
    call.authorize('s3:PutObject', arnOf(bucket, key));
    if (header(exchange, 'x-amz-copy-source') !== undefined) throw notImplemented('UploadPartCopy');
    const text = query.get('partNumber') ?? '';
    const number = /^\d+$/.test(text) ? Number(text) : 0;
    if (number < 1 || number > MOST_PARTS)
      throw invalidArgument(
        'Part number must be an integer between 1 and 10000, inclusive',
        'partNumber',
        text,
      );
    const etag = await multipart.put(uploadIdOf(exchange), number, bodyOf(exchange));
    sendEmpty(exchange, 200, { etag: `"${etag}"` });
  },
};

const part = z.object({
  PartNumber: z.string().regex(/^\d+$/).transform(Number),
  ETag: z.string().transform((etag) => etag.replaceAll('"', '')),
});
const completion = z.object({
  CompleteMultipartUpload: z.object({
    Part: z.union([part.transform((one) => [one]), z.array(part).min(1).max(MOST_PARTS)]),
  }),
});

export const completeMultipartUpload: Operation = {
  name: 'CompleteMultipartUpload',
  run: async (exchange, { multipart }) => {
    const { bucket, key, call, request } = exchange;
    call.authorize('s3:PutObject', arnOf(bucket, key));
    const { CompleteMultipartUpload } = readXml(await readBody(request, LARGEST_COMPLETION), completion);
    const object = await multipart.complete(
      uploadIdOf(exchange),
      CompleteMultipartUpload.Part.map(({ PartNumber, ETag }) => ({ number: PartNumber, etag: ETag })),
      conditionsOf(exchange),
      causeOf(exchange, 'ObjectCreated:CompleteMultipartUpload'),
    );
    sendXml(exchange, `CompleteMultipartUploadResult ${NAMESPACE}`, {
      Location: `/${bucket}/${key}`,
      Bucket: bucket,
      Key: key,
      ETag: `"${object.etag}"`,
    });
  },
};

export const abortMultipartUpload: Operation = {
  name: 'AbortMultipartUpload',
  run: async (exchange, { multipart }) => {
    exchange.call.authorize('s3:AbortMultipartUpload', arnOf(exchange.bucket, exchange.key));
    await multipart.abort(uploadIdOf(exchange));
    sendEmpty(exchange, 204);
  },
};

export const listParts: Operation = {
  name: 'ListParts',
  run: (exchange, { multipart }) => {
    const { bucket, key, call } = exchange;
    call.authorize('s3:ListMultipartUploadParts', arnOf(bucket, key));
    const parts = multipart.parts(uploadIdOf(exchange));
    sendXml(exchange, `ListPartsResult ${NAMESPACE}`, {
      Bucket: bucket,
      Key: key,
      UploadId: uploadIdOf(exchange),
      IsTruncated: false,
      Part: parts.map(({ number, size, etag }) => ({ PartNumber: number, Size: size, ETag: `"${etag}"` })),
    });
  },
};
