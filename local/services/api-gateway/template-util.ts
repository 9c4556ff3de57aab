import { velocityText } from './template-values.ts';

const short: Readonly<Record<string, string>> = {
  '"': '\\"',
  "'": "\\'",
  '\\': '\\\\',
  '/': '\\/',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

const escapeJavaScript = (value: unknown): string =>
  velocityText(value).replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be escaped
    /["'\\/\u0000-\u001f\u007f-\uffff]/g,
    (character) =>
      short[character] ?? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );

/** As `java.net.URLEncoder`: a space is a plus sign, and only `*-._` stand as they are. */
const urlEncode = (value: unknown): string =>
  encodeURIComponent(velocityText(value).toWellFormed())
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');

const urlDecode = (value: unknown): string => {
  const text = velocityText(value).replaceAll('+', ' ');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const parseJson = (value: unknown): unknown => {
  try {
    return JSON.parse(velocityText(value));
  } catch {
    return null;
  }
};

/** `$util`. Source: "Mapping template variables for API Gateway" of the API Gateway Developer Guide. */
export const templateUtil = {
  escapeJavaScript,
  parseJson,
  urlEncode,
  urlDecode,
  base64Encode: (value: unknown) => Buffer.from(velocityText(value)).toString('base64'),
  base64Decode: (value: unknown) => Buffer.from(velocityText(value), 'base64').toString(),
};
