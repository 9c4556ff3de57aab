import type { IncomingMessage } from 'node:http';
import type { AwsError } from '../errors.ts';

export interface FailureAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** "Common error format" of the query protocol, and of Amazon EC2's own. */
const xml = ({ code, message, fault }: AwsError, requestId: string, service: string | undefined): string => {
  const error = `<Code>${escaped(code)}</Code><Message>${escaped(message)}</Message>`;
  return service === 'ec2'
    ? `<Response><Errors><Error>${error}</Error></Errors><RequestID>${requestId}</RequestID></Response>`
    : `<ErrorResponse><Error><Type>${fault}</Type>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
};

/** A service that speaks JSON names its operation in a header, or is asked with JSON. */
const speaksJson = ({ headers }: IncomingMessage): boolean =>
  headers['x-amz-target'] !== undefined || (headers['content-type']?.includes('json') ?? false);

/**
 * What no service has answered, in the format that this client reads: SDKs and the AWS CLI show code and message of a
 * service that they know, although it is not here.
 */
export const failureAnswer = (
  request: IncomingMessage,
  error: AwsError,
  { requestId, service }: { readonly requestId: string; readonly service: string | undefined },
): FailureAnswer => {
  const { code, message } = error;
  const form = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  if (form && !speaksJson(request))
    return { headers: { 'content-type': 'text/xml' }, body: xml(error, requestId, service) };
  return {
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({ __type: code, code, message, requestId }),
  };
};
