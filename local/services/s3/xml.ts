import { XMLParser } from 'fast-xml-parser';
import type { z } from 'zod';
import { malformedXml } from './errors.ts';

/** An element's content; a list repeats the element, undefined leaves it out. */
export type Xml = string | number | boolean | undefined | readonly Xml[] | { readonly [name: string]: Xml };

const isList = (content: Xml): content is readonly Xml[] => Array.isArray(content);

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

const element = (name: string, content: Xml): string => {
  if (content === undefined) return '';
  if (isList(content)) return content.map((one) => element(name, one)).join('');
  const inner =
    typeof content === 'object'
      ? Object.entries(content)
          .map(([child, value]) => element(child, value))
          .join('')
      : String(content).replace(/[&<>"\r]/g, (character) => escapes[character] ?? character);
  return `<${name}>${inner}</${name.split(' ')[0]}>`;
};

/** A document; the root may carry attributes: `ListAllMyBucketsResult xmlns="..."`. */
export const document = (root: string, content: Xml): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, content)}`;

export const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: false });

/** Reads a request body. @throws MalformedXML when it is not what `schema` says. */
export const readXml = <Schema extends z.ZodType>(body: Buffer, schema: Schema): z.output<Schema> => {
  let parsed: unknown;
  try {
    parsed = parser.parse(body.toString('utf8'));
  } catch {
    throw malformedXml();
  }
  const result = schema.safeParse(parsed);
  if (!result.success) throw malformedXml();
  return result.data;
};
