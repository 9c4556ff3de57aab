/** Names of the flattened lists and maps of the query protocol, and what the JSON protocol calls them. */
const lists: Readonly<Record<string, string>> = {
  AttributeName: 'AttributeNames',
  MessageAttributeName: 'MessageAttributeNames',
  MessageSystemAttributeName: 'MessageSystemAttributeNames',
  TagKey: 'TagKeys',
  AWSAccountId: 'AWSAccountIds',
  ActionName: 'Actions',
  SendMessageBatchRequestEntry: 'Entries',
  DeleteMessageBatchRequestEntry: 'Entries',
  ChangeMessageVisibilityBatchRequestEntry: 'Entries',
};
const maps: Readonly<Record<string, string>> = {
  Attribute: 'Attributes',
  Attributes: 'Attributes',
  MessageAttribute: 'MessageAttributes',
  MessageAttributes: 'MessageAttributes',
  MessageSystemAttribute: 'MessageSystemAttributes',
  Tag: 'Tags',
};

interface Tree {
  [name: string]: Tree | string;
}

/** A form's fields in the shape of the JSON protocol: `Tag.1.Key=a&Tag.1.Value=b` is `{"Tags":{"a":"b"}}`. */
export const queryInput = (form: URLSearchParams, path: string): unknown => {
  const tree: Tree = Object.create(null);
  for (const [name, value] of form) place(tree, name.split('.'), value);
  return { QueueUrl: path, ...withoutSecondNames(namedAsJson(tree)) };
};

/** The older name of a list wins, in this protocol only (recorded on AWS, 04-06-2024). */
const withoutSecondNames = (input: Record<string, unknown>): Record<string, unknown> => {
  const { MessageSystemAttributeNames: _, ...others } = input;
  return 'AttributeNames' in input ? others : input;
};

const place = (tree: Tree, [name = '', ...rest]: string[], value: string): void => {
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  const child = tree[name];
  const branch: Tree = typeof child === 'object' ? child : Object.create(null);
  tree[name] = branch;
  place(branch, rest, value);
};

const namedAsJson = (tree: Tree): Record<string, unknown> => {
  const named: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(tree)) {
    const list = lists[name];
    const map = maps[name];
    if (list && typeof value === 'object') named[list] = inOrder(value).map(item);
    else if (map && typeof value === 'object') named[map] = Object.fromEntries(inOrder(value).flatMap(entry));
    else named[name] = typeof value === 'object' ? namedAsJson(value) : value;
  }
  return named;
};

const inOrder = (numbered: Tree): (Tree | string)[] =>
  Object.entries(numbered)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, value]) => value);

const item = (value: Tree | string): unknown => (typeof value === 'object' ? namedAsJson(value) : value);

const entry = (value: Tree | string): [string, unknown][] => {
  if (typeof value !== 'object') return [];
  const key = value.Name ?? value.Key;
  return typeof key === 'string' && value.Value !== undefined ? [[key, item(value.Value)]] : [];
};
