import { z } from 'zod';
import { post, type Recorded, withStatus } from './http.ts';

const content = z.record(z.string(), z.unknown());

/** Calls a service of the AWS JSON protocol: SQS and Kinesis. */
export const callJson = async (
  endpoint: string,
  target: string,
  version: '1.0' | '1.1',
  input: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Recorded> => {
  const service = target.startsWith('AmazonSQS') ? 'sqs' : 'kinesis';
  const {
    status,
    headers: received,
    text,
  } = await post(
    endpoint,
    service,
    { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target, ...headers },
    JSON.stringify(input),
  );
  const body = text === '' ? {} : content.parse(JSON.parse(text));
  return withStatus(status, status < 300 ? body : failure(body, received.get('x-amzn-query-error')));
};

/** "x-amzn-query-error" carries the code of the old protocol, for those who relied on it (Smithy, "AWS query compatible"). */
const failure = (body: Recorded, queryError: string | null): Recorded => {
  const code = String(body.__type ?? '').replace(/^.*#/, '');
  const Message = body.message ?? body.Message;
  if (queryError === null) return { Error: { Code: code, Message } };
  const [Code, Type] = queryError.split(';');
  return { Error: { Code, Message, QueryErrorCode: code, Type } };
};
