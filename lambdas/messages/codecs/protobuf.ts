import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type JobOutcome as JobOutcomeMessage,
  JobOutcomeSchema,
} from '../generated/serverless_ipc/v1/job_outcome_pb.ts';
import type { JobOutcome } from '../job-messages.ts';
import { CodecError, codec } from './codec.ts';

const CONTENT_TYPE = 'application/protobuf';

/** A string of Protocol Buffers is UTF-8, which has nothing for half a surrogate pair: it would be replaced in silence. */
const refuseIllFormed = (value: unknown): void => {
  if (typeof value === 'string' && !value.isWellFormed())
    throw new CodecError(CONTENT_TYPE, 'a text has half a surrogate pair, which UTF-8 cannot hold');
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(refuseIllFormed);
};

const dataOf = (outcome: JobOutcome) => {
  if (outcome.type === 'serverless-ipc.job.failed.v1') {
    const { jobId, error } = outcome.data;
    const { type, title, detail, retryable } = error;
    const problem = { type, title, detail, ...(retryable !== undefined && { retryable }) };
    return { case: 'failed' as const, value: { jobId, error: problem } };
  }
  const { jobId, result } = outcome.data;
  const { contentType, width, height, bytes } = result;
  const sizes = { width: BigInt(width), height: BigInt(height), bytes: BigInt(bytes) };
  return { case: 'succeeded' as const, value: { jobId, result: { contentType, ...sizes } } };
};

const contentOf = ({ data }: JobOutcomeMessage) => {
  if (data.case === 'failed') {
    const { jobId, error } = data.value;
    const { type, title, detail, retryable } = error ?? {};
    const problem = error && { type, title, detail, ...(retryable !== undefined && { retryable }) };
    return { type: 'serverless-ipc.job.failed.v1', data: { jobId, error: problem } };
  }
  if (data.case === undefined) return {};
  const { jobId, result } = data.value;
  const { contentType, width, height, bytes } = result ?? {};
  const sizes = { width: Number(width), height: Number(height), bytes: Number(bytes) };
  return {
    type: 'serverless-ipc.job.succeeded.v1',
    data: { jobId, result: result && { contentType, ...sizes } },
  };
};

/** The fields by their numbers in `job_outcome.proto`; what is the same in every message is not sent. */
export const protobuf = codec(
  CONTENT_TYPE,
  (message) => {
    refuseIllFormed(message);
    const { id, source, time, subject, traceparent, correlationid, causationid } = message;
    const envelope = { id, source, time, subject, traceparent, correlationid, causationid };
    return toBinary(JobOutcomeSchema, create(JobOutcomeSchema, { ...envelope, data: dataOf(message) }));
  },
  (bytes) => {
    const message = fromBinary(JobOutcomeSchema, bytes);
    const { id, source, time, subject, traceparent, correlationid, causationid } = message;
    return {
      specversion: '1.0',
      datacontenttype: 'application/json',
      ...{ id, source, time, subject, traceparent, correlationid, causationid },
      ...contentOf(message),
    };
  },
);
