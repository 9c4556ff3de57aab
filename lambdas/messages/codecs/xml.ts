import { XMLParser, XMLValidator } from 'fast-xml-parser';
import * as z from 'zod';
import { bytesOf, codec, textOf } from './codec.ts';
import { textOfXml, xmlText } from './xml-text.ts';

const ROOT = 'jobOutcome';

/** Entities stay as they are: none may be declared, and the few that XML has are resolved when the structure is known. */
const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  processEntities: false,
  trimValues: false,
});

const element = (name: string, value: unknown): string => {
  if (value === undefined) return '';
  const content =
    typeof value === 'object' && value !== null
      ? Object.entries(value)
          .map(([child, inner]) => element(child, inner))
          .join('')
      : xmlText(String(value));
  return `<${name}>${content}</${name}>`;
};

const wholeNumber = z
  .string()
  .regex(/^\d{1,16}$/)
  .transform(Number);

/** Everything is text in XML: which of it are numbers and truth values, only the contract knows. */
const Typed = z.looseObject({
  data: z.looseObject({
    result: z.looseObject({ width: wholeNumber, height: wholeNumber, bytes: wholeNumber }).optional(),
    error: z
      .looseObject({
        retryable: z
          .enum(['true', 'false'])
          .transform((text) => text === 'true')
          .optional(),
      })
      .optional(),
  }),
});

const Document = z.record(z.string(), z.unknown());

/** An element for each attribute of the CloudEvent, nested as in JSON. */
export const xml = codec(
  'application/xml',
  (message) => bytesOf(element(ROOT, message)),
  (bytes) => Typed.parse(unescaped(rootOf(textOf(bytes)))),
);

/** A document type can declare entities that grow without end or read files: whatever begins with `<!` is refused. */
const rootOf = (text: string): unknown => {
  if (text.includes('<!')) throw new SyntaxError('document types, comments and CDATA are not taken');
  const wellFormed = XMLValidator.validate(text);
  if (wellFormed !== true) throw new SyntaxError(wellFormed.err.msg);
  return Document.parse(parser.parse(text))[ROOT];
};

const unescaped = (value: unknown): unknown => {
  if (typeof value === 'string') return textOfXml(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, unescaped(inner)]));
};
