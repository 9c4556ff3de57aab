import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { post, type Recorded, withStatus } from './http.ts';

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  isArray: (_, path) => LISTS.has(String(path).replace(/^\w+\./, '')),
});

/** Elements that repeat in SQS's XML answers, and what clients call the list. */
const LISTS = new Map([
  ['ReceiveMessageResult.Message', 'Messages'],
  ['ListQueuesResult.QueueUrl', 'QueueUrls'],
  ['SendMessageBatchResult.SendMessageBatchResultEntry', 'Successful'],
  ['SendMessageBatchResult.BatchResultErrorEntry', 'Failed'],
]);

/** How clients name what is flattened in a request: `Attributes` is sent as `Attribute.1.Name`, `Attribute.1.Value`. */
const MAPS: Readonly<Record<string, readonly [string, string, string]>> = {
  Attributes: ['Attribute', 'Name', 'Value'],
  Tags: ['Tag', 'Key', 'Value'],
  MessageAttributes: ['MessageAttribute', 'Name', 'Value'],
  MessageSystemAttributes: ['MessageSystemAttribute', 'Name', 'Value'],
};
const ENTRIES: Readonly<Record<string, string>> = {
  SendMessageBatch: 'SendMessageBatchRequestEntry',
  DeleteMessageBatch: 'DeleteMessageBatchRequestEntry',
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibilityBatchRequestEntry',
};
const REPEATED: Readonly<Record<string, string>> = {
  AttributeNames: 'AttributeName',
  MessageAttributeNames: 'MessageAttributeName',
  MessageSystemAttributeNames: 'MessageSystemAttributeName',
  TagKeys: 'TagKey',
  AWSAccountIds: 'AWSAccountId',
  Actions: 'ActionName',
};

/** Calls SQS by its old protocol: a form in, XML out. */
export const callQuery = async (
  endpoint: string,
  action: string,
  input: object,
  headers = {},
): Promise<Recorded> => {
  const form = new URLSearchParams({ Action: action, Version: '2012-11-05' });
  flatten(form, action, '', input);
  const { status, text } = await post(
    endpoint,
    'sqs',
    { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    form.toString(),
  );
  const document = element.parse(parser.parse(text.replace(/^<\?xml[^>]*\?>/, '')));
  const root = element.parse(Object.values(document)[0] ?? {});
  if (status >= 300) return withStatus(status, { Error: errorOf(element.parse(root.Error)) });
  const result = element.safeParse(root[`${action}Result`]);
  return withStatus(status, result.success ? named(`${action}Result`, result.data) : {});
};

const element = z.record(z.string(), z.unknown());

const errorOf = ({ Type, Code, Message }: Recorded): Recorded => ({ Type, Code, Message });

const flatten = (form: URLSearchParams, action: string, prefix: string, input: object): void => {
  for (const [name, value] of Object.entries(input)) {
    const map = MAPS[name];
    const repeated = name === 'Entries' ? ENTRIES[action] : REPEATED[name];
    if (map) {
      for (const [index, [key, item]] of Object.entries<unknown>(value).entries()) {
        const at = `${prefix}${map[0]}.${index + 1}.`;
        form.set(`${at}${map[1]}`, key);
        if (typeof item === 'object' && item !== null) flatten(form, action, `${at}${map[2]}.`, item);
        else form.set(`${at}${map[2]}`, String(item));
      }
    } else if (repeated && Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        const at = `${prefix}${repeated}.${index + 1}`;
        if (typeof item === 'object' && item !== null) flatten(form, action, `${at}.`, item);
        else form.set(at, String(item));
      }
    } else form.set(`${prefix}${name}`, String(value));
  }
};

const named = (parent: string, result: Recorded): Recorded =>
  Object.fromEntries(Object.entries(result).flatMap(([name, value]) => entriesOf(parent, name, value)));

const entriesOf = (parent: string, name: string, value: unknown): [string, unknown][] => {
  const list = LISTS.get(`${parent}.${name}`);
  if (list && Array.isArray(value))
    return [
      [list, value.map((item) => (typeof item === 'string' ? item : named(name, element.parse(item))))],
    ];
  if (name === 'Attribute') return [['Attributes', pairs(value, 'Name')]];
  if (name === 'Tag') return [['Tags', pairs(value, 'Key')]];
  if (name === 'MessageAttribute') return [['MessageAttributes', pairs(value, 'Name')]];
  return [[name, name === 'SenderFault' ? value === 'true' : value]];
};

const pairs = (value: unknown, key: string): Recorded =>
  Object.fromEntries(
    (Array.isArray(value) ? value : [value]).map((item) => {
      const pair = element.parse(item);
      return [String(pair[key]), pair.Value];
    }),
  );
