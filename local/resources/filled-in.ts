import { UNRESOLVED } from '../assembly/intrinsics.ts';

/** A text in the place of each value that is not known yet: what remains can be judged all the same. */
export const filledIn = (value: unknown, text: string): unknown => {
  if (value === UNRESOLVED) return text;
  if (Array.isArray(value)) return value.map((item) => filledIn(item, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filledIn(inner, text)]));
};
