const step = /\.\.([\w$-]+)|\.([\w$-]+|\*)|\[(\d+|\*)\]|\['([^']*)'\]|\["([^"]*)"\]/y;

type Step =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'anywhere'; readonly name: string };

const stepOf = ([, anywhere, dotted, bracket, single, double]: RegExpExecArray): Step => {
  if (anywhere !== undefined) return { kind: 'anywhere', name: anywhere };
  if (dotted === '*' || bracket === '*') return { kind: 'all' };
  if (bracket !== undefined) return { kind: 'index', index: Number(bracket) };
  return { kind: 'name', name: dotted ?? single ?? double ?? '' };
};

/** Parses `$.a['b'][0][*]..c`; undefined for what API Gateway's mapping templates rarely use: filters, slices, unions. */
const parse = (path: string): readonly Step[] | undefined => {
  const steps: Step[] = [];
  // `$input.json('a')` is read as `$.a`.
  const rest = path.startsWith('$') ? path.slice(1) : path.startsWith('[') ? path : `.${path}`;
  step.lastIndex = 0;
  while (step.lastIndex < rest.length) {
    const match = step.exec(rest);
    if (!match) return undefined;
    steps.push(stepOf(match));
  }
  return steps;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const children = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];

const named = (value: unknown, name: string): readonly unknown[] =>
  isObject(value) && Object.hasOwn(value, name) ? [value[name]] : [];

const anywhere = (value: unknown, name: string): readonly unknown[] => [
  ...named(value, name),
  ...children(value).flatMap((child) => anywhere(child, name)),
];

const take = (value: unknown, step: Step): readonly unknown[] => {
  switch (step.kind) {
    case 'name':
      return named(value, step.name);
    case 'index':
      return Array.isArray(value) && step.index < value.length ? [value[step.index]] : [];
    case 'all':
      return children(value);
    case 'anywhere':
      return anywhere(value, step.name);
  }
};

/** A path that this gateway cannot read: filters, slices, unions. */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError';
}

/** What a JSONPath finds: one value, or the list of all where the path can find several; undefined for nothing. */
export const jsonPath = (value: unknown, path: string): unknown => {
  const steps = parse(path.trim());
  if (!steps) throw new JsonPathError(`The JSONPath ${path} is not supported`);
  const found = steps.reduce<readonly unknown[]>(
    (values, step) => values.flatMap((each) => take(each, step)),
    [value],
  );
  const several = steps.some(({ kind }) => kind === 'all' || kind === 'anywhere');
  return several ? found : found[0];
};
