import { z } from 'zod';
import type { Limit } from '../resources/resource-type.ts';

/** The properties, nested ones too, that occur in a value and that its schema takes without any effect. */
export const unemulatedProperties = (schema: z.core.$ZodType, value: unknown): Limit[] => {
  const found = new Map<string, Limit>();
  walk(schema, value, '', (limit) => found.set(`${limit.property}: ${limit.reason}`, limit));
  return [...found.values()];
};

type Report = (limit: Limit) => void;

const walk = (schema: z.core.$ZodType, value: unknown, property: string, report: Report): void => {
  if (value === undefined) return;
  const reason = reasonOf(schema);
  if (reason !== undefined) {
    report({ property, reason });
    return;
  }
  for (const [inner, part, name] of partsOf(schema, value)) walk(inner, part, join(property, name), report);
};

const join = (property: string, name: string): string =>
  property && name ? `${property}.${name}` : property || name;

const reasonOf = (schema: z.core.$ZodType): string | undefined => {
  const reason = z.globalRegistry.get(schema)?.notEmulated;
  return typeof reason === 'string' ? reason : undefined;
};

type Part = readonly [schema: z.core.$ZodType, value: unknown, name: string];

/** The schemas within a schema, each with the part of the value that it is for. */
const partsOf = (schema: z.core.$ZodType, value: unknown): Part[] => {
  // Which kind of schema it is stands in its definition; zod's own tools go by it, too.
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'nonoptional':
    case 'catch':
      return [[def.innerType, value, '']];
    case 'pipe':
      return [
        [def.in, value, ''],
        [def.out, value, ''],
      ];
    case 'lazy':
      return [[def.getter(), value, '']];
    case 'intersection':
      return [
        [def.left, value, ''],
        [def.right, value, ''],
      ];
    case 'union':
      return def.options.filter((option) => fits(option, value)).map((option) => [option, value, '']);
    case 'array':
      return Array.isArray(value) ? value.map((item) => [def.element, item, '']) : [];
    case 'record':
      return Object.values(value ?? {}).map((item) => [def.valueType, item, '']);
    case 'object':
      return Object.entries(value ?? {}).flatMap(([key, item]) => {
        const inner = def.shape[key];
        return inner ? [[inner, item, key] as const] : [];
      });
    default:
      return [];
  }
};

/** With values that are not known yet no option may fit exactly: the keys tell. */
const fits = (option: z.core.$ZodType, value: unknown): boolean => {
  const { def } = (option as z.core.$ZodTypes)._zod;
  if (def.type !== 'object') return true;
  return typeof value === 'object' && value !== null && Object.keys(value).every((key) => key in def.shape);
};
