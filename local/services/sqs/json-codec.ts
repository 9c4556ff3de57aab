import type { AwsError } from '../../errors.ts';
import { onTheWire, SqsError } from './errors.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One of the two protocols that SQS speaks: how actions are named, requests read, answers and errors written. */
export interface Codec {
  readonly action: string;
  input(): unknown;
  answer(output: object | undefined, requestId: string): Answer;
  error(error: AwsError, requestId: string): Answer;
}

const CONTENT_TYPE = 'application/x-amz-json-1.0';

/** AWS JSON 1.0 with the error codes of the query protocol in a header: what SDKs and the CLI send. */
export const jsonCodec = (target: string, body: Buffer): Codec => ({
  action: target.slice(target.indexOf('.') + 1),
  input: () => {
    try {
      return JSON.parse(body.toString() || '{}');
    } catch {
      throw new SqsError('SerializationException', 'The request is not valid JSON.');
    }
  },
  answer: (output) => ({
    status: 200,
    headers: { 'content-type': CONTENT_TYPE },
    body: output ? JSON.stringify(output) : '',
  }),
  error: (error) => {
    const { type, queryCode } = onTheWire(error);
    return {
      status: error.status,
      headers: { 'content-type': CONTENT_TYPE, 'x-amzn-query-error': `${queryCode};${error.fault}` },
      body: JSON.stringify({ __type: `com.amazonaws.sqs#${type}`, message: error.message }),
    };
  },
});
