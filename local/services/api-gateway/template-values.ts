/** A part of `$context`: it can be walked, and prints as nothing (recorded on AWS, 20-05-2025). */
export class ContextMap {
  [name: string]: unknown;

  constructor(values: Readonly<Record<string, unknown>> = {}) {
    Object.assign(this, values);
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How a value prints: maps as Java does, lists as JSON (recorded on AWS, "input path template formatting"). */
export const velocityText = (value: unknown): string => {
  if (value === undefined || value === null || value instanceof ContextMap) return '';
  if (Array.isArray(value)) return JSON.stringify(value);
  if (!isMap(value)) return String(value);
  return `{${Object.entries(value)
    .map(([name, inner]) => `${name}=${inner === null ? 'null' : velocityText(inner)}`)
    .join(', ')}}`;
};

interface MethodCall {
  readonly property: string;
  readonly context: unknown;
  readonly params: readonly unknown[];
}

const regExp = (pattern: unknown): RegExp => new RegExp(velocityText(pattern), 'g');

/** Methods of `java.lang.String` that templates use. */
const ofText: Readonly<Record<string, (text: string, ...params: readonly unknown[]) => unknown>> = {
  length: (text) => text.length,
  isEmpty: (text) => text === '',
  contains: (text, part) => text.includes(velocityText(part)),
  equals: (text, other) => text === other,
  equalsIgnoreCase: (text, other) => text.toLowerCase() === velocityText(other).toLowerCase(),
  matches: (text, pattern) => new RegExp(`^(?:${velocityText(pattern)})$`, 's').test(text),
  replace: (text, part, by) => text.replaceAll(velocityText(part), () => velocityText(by)),
  replaceAll: (text, pattern, by) => text.replace(regExp(pattern), velocityText(by)),
  replaceFirst: (text, pattern, by) => text.replace(new RegExp(velocityText(pattern)), velocityText(by)),
};

/** Methods of `java.util.Map` and `List`; a key of the data is never called, whatever its name. */
const ofMap: Readonly<
  Record<string, (map: Record<string, unknown>, ...params: readonly unknown[]) => unknown>
> = {
  get: (map, name) => (Object.hasOwn(map, velocityText(name)) ? map[velocityText(name)] : undefined),
  containsKey: (map, name) => Object.hasOwn(map, velocityText(name)),
  /** Answers what was there before. */
  put: (map, name, value) => {
    const before = Object.hasOwn(map, velocityText(name)) ? map[velocityText(name)] : undefined;
    map[velocityText(name)] = value;
    return before;
  },
  keySet: (map) => Object.keys(map),
  values: (map) => Object.values(map),
  entrySet: (map) => Object.entries(map).map(([key, value]) => ({ key, value })),
  size: (map) => Object.keys(map).length,
  isEmpty: (map) => Object.keys(map).length === 0,
};

const ofList: Readonly<Record<string, (list: readonly unknown[], ...params: readonly unknown[]) => unknown>> =
  {
    get: (list, index) => list[Number(index)],
    size: (list) => list.length,
    isEmpty: (list) => list.length === 0,
    contains: (list, value) => list.includes(value),
  };

const isData = (value: unknown): value is Record<string, unknown> =>
  isMap(value) && (value instanceof ContextMap || Object.getPrototypeOf(value) === Object.prototype);

const handler = (
  uid: string,
  find: (call: MethodCall) => ((...params: readonly unknown[]) => unknown) | undefined,
) => ({
  uid,
  match: (call: MethodCall) => find(call) !== undefined,
  resolve: (call: MethodCall) => find(call)?.(...call.params),
});

/** The Java methods of what templates handle. Objects with functions of their own (`$input`, `$util`) are left alone. */
export const methodHandlers = [
  handler('text', ({ property, context }) => {
    const method = Object.hasOwn(ofText, property) ? ofText[property] : undefined;
    return typeof context === 'string' && method ? (...params) => method(context, ...params) : undefined;
  }),
  handler('list', ({ property, context }) => {
    const method = Object.hasOwn(ofList, property) ? ofList[property] : undefined;
    return Array.isArray(context) && method ? (...params) => method(context, ...params) : undefined;
  }),
  handler('map', ({ property, context }) => {
    const method = Object.hasOwn(ofMap, property) ? ofMap[property] : undefined;
    return isData(context) && method ? (...params) => method(context, ...params) : undefined;
  }),
  handler('toString', ({ property, context }) =>
    property === 'toString' ? () => velocityText(context) : undefined,
  ),
];
