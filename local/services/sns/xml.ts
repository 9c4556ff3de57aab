/** What an operation answers: a structure of texts, structures, lists, and maps of texts. */
export type XmlValue = string | XmlStructure | readonly XmlValue[] | ReadonlyMap<string, string>;
export interface XmlStructure {
  readonly [name: string]: XmlValue | undefined;
}

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

const escaped = (text: string): string =>
  text.replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character);

const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

const isList = (value: XmlValue): value is readonly XmlValue[] => Array.isArray(value);

const content = (value: XmlValue): string => {
  if (typeof value === 'string') return escaped(value);
  if (isList(value)) return value.map((member) => element('member', content(member))).join('');
  if (value instanceof Map)
    return [...value]
      .map(([key, text]) => element('entry', element('key', escaped(key)) + element('value', escaped(text))))
      .join('');
  return Object.entries(value)
    .map(([name, field]) => (field === undefined ? '' : element(name, content(field))))
    .join('');
};

/** The AWS query protocol's answer. */
export const successXml = (action: string, result: XmlStructure | undefined, requestId: string): string =>
  `<?xml version="1.0"?>\n<${action}Response xmlns="${NAMESPACE}">${
    result ? element(`${action}Result`, content(result)) : ''
  }${element('ResponseMetadata', element('RequestId', requestId))}</${action}Response>\n`;

export const errorXml = (
  error: { fault: string; code: string; message: string },
  requestId: string,
): string =>
  `<?xml version="1.0"?>\n<ErrorResponse xmlns="${NAMESPACE}">${element(
    'Error',
    content({ Type: error.fault, Code: error.code, Message: error.message }),
  )}${element('RequestId', requestId)}</ErrorResponse>\n`;
