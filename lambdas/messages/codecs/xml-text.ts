/**
 * XML 1.0 has no way to write most control characters, a surrogate without its partner, U+FFFE and U+FFFF; and a
 * carriage return comes back as a line feed ("Extensible Markup Language 1.0", 2.2 and 2.11). Here they are written as
 * `\uXXXX`, as in JSON, and so is the backslash, so that whatever looks like it is one.
 */
const unwritable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be escaped
  /[\u0000-\u0008\u000B-\u001F\uFFFE\uFFFF\\]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

const entities: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt' };
const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Any text as the content of an element. */
export const xmlText = (text: string): string =>
  text
    .replace(unwritable, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/[&<>]/g, (one) => `&${entities[one]};`);

/**
 * The text that an element's content stands for. Only the five entities of XML itself and numbers are known.
 * @throws {SyntaxError} at any other
 */
export const textOfXml = (content: string): string =>
  content
    .replace(/&([^;&]*);?/g, (_, name: string) => characters[name] ?? byNumber(name))
    .replace(/\\u([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

const byNumber = (name: string): string => {
  const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name) ?? [];
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  if (Number.isNaN(code) || code > 0x10ffff) throw new SyntaxError(`unknown entity &${name};`);
  return String.fromCodePoint(code);
};
