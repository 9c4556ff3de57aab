import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { format } from './format.ts';

const builder = new XMLBuilder();
/** What is a number only the contract knows: a key may look like one. */
const parser = new XMLParser({ parseTagValue: false, trimValues: false });

const Document = z.object({
  message: z.looseObject({
    seq: z.coerce.number(),
    intendedAt: z.coerce.number(),
    sentAt: z.coerce.number(),
  }),
});

/** An element for each field. */
export const xml = format(
  'xml',
  true,
  (message) => new TextEncoder().encode(builder.build({ message })),
  (bytes) => Document.parse(parser.parse(new TextDecoder().decode(bytes))).message,
);
