import type { AwsError } from '../../errors.ts';
import { onTheWire } from './errors.ts';
import type { Codec } from './json-codec.ts';
import { queryInput } from './query-input.ts';

const NAMESPACE = 'http://queue.amazonaws.com/doc/2012-11-05/';

/**
 * The AWS query protocol: a form in, XML out, or JSON when the client accepts only that. API Gateway's service
 * integrations speak it.
 */
export const queryCodec = (form: URLSearchParams, path: string, acceptsJson: boolean): Codec => {
  const action = form.get('Action') ?? '';
  const type = { 'content-type': acceptsJson ? 'application/json' : 'text/xml' };
  return {
    action,
    input: () => queryInput(form, path),
    answer: (output, requestId) => {
      const result = output && { [`${action}Result`]: output };
      const response = { ...result, ResponseMetadata: { RequestId: requestId } };
      const name = `${action}Response`;
      const body = acceptsJson ? JSON.stringify({ [name]: response }) : document(name, response);
      return { status: 200, headers: type, body };
    },
    error: (error, requestId) => {
      const response = { Error: describe(error), RequestId: requestId };
      const body = acceptsJson ? JSON.stringify(response) : document('ErrorResponse', response);
      return { status: error.status, headers: type, body };
    },
  };
};

const describe = (error: AwsError) => ({
  Type: error.fault,
  Code: onTheWire(error).queryCode,
  // The older protocol words this one message differently (recorded on AWS, 30-04-2024).
  Message:
    error.code === 'QueueDoesNotExist'
      ? 'The specified queue does not exist for this wsdl version.'
      : error.message,
  Detail: '',
});

const document = (name: string, content: object): string =>
  `<?xml version="1.0"?><${name} xmlns="${NAMESPACE}">${children(content)}</${name}>`;

/** How lists and maps of the JSON shapes are called as repeated XML elements. */
const repeated: Readonly<Record<string, string>> = {
  QueueUrls: 'QueueUrl',
  queueUrls: 'QueueUrl',
  Messages: 'Message',
  Failed: 'BatchResultErrorEntry',
  Attributes: 'Attribute',
  MessageAttributes: 'MessageAttribute',
  Tags: 'Tag',
  Results: 'ListMessageMoveTasksResultEntry',
};

const children = (content: object): string =>
  Object.entries(content)
    .map(([name, value]) => element(name, value))
    .join('');

const element = (name: string, value: unknown): string => {
  if (Array.isArray(value)) return value.map((item) => element(itemName(name, item), item)).join('');
  if (typeof value !== 'object' || value === null) return `<${name}>${escapeXml(String(value))}</${name}>`;
  const map = repeated[name];
  if (!map) return `<${name}>${children(value)}</${name}>`;
  const key = name === 'Tags' ? 'Key' : 'Name';
  return Object.entries(value)
    .map(([itemKey, item]) => `<${map}>${element(key, itemKey)}${element('Value', item)}</${map}>`)
    .join('');
};

const itemName = (list: string, item: unknown): string => {
  if (list !== 'Successful') return repeated[list] ?? list;
  if (typeof item !== 'object' || item === null || !('MessageId' in item)) return 'BatchResultEntry';
  return 'SendMessageBatchResultEntry';
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

const escapeXml = (text: string): string =>
  text.replace(/[&<>"\r]/g, (character) => entities[character] ?? character);
