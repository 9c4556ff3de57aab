import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../../errors.ts';
import type { Call, Protocol } from '../service.ts';
import * as bucket from './bucket-operations.ts';
import { arnOf } from './buckets.ts';
import { notImplemented, S3Error } from './errors.ts';
import { type Engines, type Exchange, header, type Operation, sendXml } from './exchange.ts';
import * as multipart from './multipart-operations.ts';
import * as notification from './notification-operations.ts';
import * as object from './object-operations.ts';
import { postObject } from './post-object.ts';
import { allowOrigin, preflight } from './preflight.ts';
import { verifyPresigned } from './signature.ts';

/** Query parameters that make a request another operation. One that leads to no operation below is refused by name. */
const subresources = [
  'accelerate', 'acl', 'analytics', 'attributes', 'cors', 'delete', 'encryption', 'intelligent-tiering', 'inventory',
  'legal-hold', 'lifecycle', 'location', 'logging', 'metrics', 'notification', 'object-lock', 'ownershipControls',
  'policy', 'policyStatus', 'publicAccessBlock', 'replication', 'requestPayment', 'restore', 'retention', 'select',
  'tagging', 'torrent', 'uploadId', 'uploads', 'versionId', 'versioning', 'versions', 'website',
]; // biome-ignore format: one list

const operations: Readonly<Record<string, Operation>> = {
  'GET service': bucket.listBuckets,
  'PUT bucket': bucket.createBucket,
  'HEAD bucket': bucket.headBucket,
  'DELETE bucket': bucket.deleteBucket,
  'GET bucket': bucket.listObjects,
  'GET bucket?location': bucket.getBucketLocation,
  'GET bucket?notification': notification.getBucketNotificationConfiguration,
  'PUT bucket?notification': notification.putBucketNotificationConfiguration,
  'POST bucket?delete': bucket.deleteObjects,
  'POST bucket': postObject,
  'OPTIONS bucket': preflight,
  'OPTIONS object': preflight,
  'PUT object': object.putObject,
  'PUT object copy': object.copyObject,
  'GET object': object.getObject,
  'HEAD object': { ...object.getObject, name: 'HeadObject' },
  'DELETE object': object.deleteObject,
  'POST object?uploads': multipart.createMultipartUpload,
  'PUT object?uploadId': multipart.uploadPart,
  'POST object?uploadId': multipart.completeMultipartUpload,
  'DELETE object?uploadId': multipart.abortMultipartUpload,
  'GET object?uploadId': multipart.listParts,
};

/** Amazon S3, REST and XML, path style. */
export class S3Protocol implements Protocol {
  readonly #engines: Engines;

  constructor(engines: Engines) {
    this.#engines = engines;
  }

  async handle(request: IncomingMessage, response: ServerResponse, call: Call): Promise<void> {
    let exchange: Exchange = { request, response, call, bucket: '', key: '', query: new URLSearchParams() };
    try {
      exchange = { ...exchange, ...addressOf(request.url ?? '/') };
      allowOrigin(exchange, this.#engines);
      verifyPresigned(exchange, this.#engines.foundation.iam, Date.now());
      const operation = operationOf(exchange);
      this.#record(exchange, operation);
      await operation.run(exchange, this.#engines);
    } catch (error) {
      refuse(exchange, error);
    }
  }

  #record({ bucket, key, call }: Exchange, { name }: Operation): void {
    const { trace, clock } = this.#engines.foundation;
    const resource = bucket === '' ? '*' : arnOf(bucket, key || undefined);
    trace.record({
      at: clock.now(),
      service: 's3',
      action: name,
      resource,
      ids: { requestId: call.requestId },
    });
  }
}

const addressOf = (url: string): Pick<Exchange, 'bucket' | 'key' | 'query'> => {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  const slash = path.indexOf('/', 1);
  try {
    return {
      bucket: decodeURIComponent(slash < 0 ? path.slice(1) : path.slice(1, slash)),
      key: slash < 0 ? '' : decodeURIComponent(path.slice(slash + 1)),
      query,
    };
  } catch {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.", 400, { URI: path });
  }
};

const operationOf = (exchange: Exchange): Operation => {
  const { request, bucket: name, key, query } = exchange;
  const level = name === '' ? 'service' : key === '' ? 'bucket' : 'object';
  const subresource = subresources.find((one) => query.has(one));
  const copy =
    request.method === 'PUT' && !subresource && header(exchange, 'x-amz-copy-source') !== undefined;
  const asked = `${request.method} ${level}${subresource ? `?${subresource}` : ''}${copy ? ' copy' : ''}`;
  const operation = operations[asked];
  if (!operation) throw notImplemented(asked);
  return operation;
};

const refuse = (exchange: Exchange, error: unknown): void => {
  const { request, response, call, bucket: name, key } = exchange;
  request.unpipe();
  // The rest of a refused upload is read and forgotten: the client then hears why.
  request.resume();
  if (request.socket.destroyed || response.headersSent) {
    response.destroy();
    return;
  }
  if (!(error instanceof AwsError)) throw error;
  const detail = error instanceof S3Error ? error.detail : {};
  sendXml(
    exchange,
    'Error',
    {
      Code: error.code,
      Message: error.message,
      ...detail,
      Resource: `/${name}${key === '' ? '' : `/${key}`}`,
      RequestId: call.requestId,
      HostId: call.requestId,
    },
    error.status,
  );
};
