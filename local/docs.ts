import { z } from 'zod';
import { resourceTypes } from './resources/index.ts';
import type { Limit, ResourceType } from './resources/resource-type.ts';

/** Where the generated part of the page begins. */
const MARKER = '<!-- From here on the page is made by `npm run docs`. -->';

/**
 * What this cloud takes of each resource type, as Markdown: made from the schemas that a deployment is held to, so that
 * it cannot say anything else.
 */
export const resourceTypePage = (types: readonly ResourceType[] = resourceTypes): string => {
  const sorted = types.toSorted((a, b) => a.type.localeCompare(b.type));
  const contents = sorted.map(({ type }) => `- [${type}](#${anchorOf(type)})`).join('\n');
  return [contents, ...sorted.map(section)].join('\n\n');
};

/**
 * The page with its generated part made anew; what was written by hand above it stays. Throws Error without a marker.
 * @param operations what becomes of the operations of each service, as Markdown
 */
export const refreshed = (page: string, operations: string): string => {
  const end = page.indexOf(MARKER);
  if (end < 0) throw new Error(`the page has no line "${MARKER}"`);
  const made = [MARKER, resourceTypePage(), '## Operations', operations];
  return `${page.slice(0, end)}${made.join('\n\n')}\n`;
};

/** The name by which a refusal refers to a type: `AWS::SQS::Queue` is `aws-sqs-queue`. */
const anchorOf = (type: string): string => type.toLowerCase().replaceAll('::', '-');

const section = (type: ResourceType): string => {
  const shapes = objectsIn(type.properties);
  const properties = shapes.flatMap(({ shape }) => Object.entries(shape));
  const limits = properties.flatMap(([name, schema]) => limitsOf(schema, name));
  const limited = new Set(limits.map(({ property }) => property));
  const effective = properties.map(([name]) => name).filter((name) => !limited.has(name));
  const whole = wholeType(type).map(({ reason }) => `not emulated: ${reason}`);

  const rows = [
    ...row(effective, whole[0] ?? 'supported'),
    ...row(shapes.some(isOpen) ? ['*'] : [], 'any other property is handed to the function behind it'),
    ...[...Map.groupBy(limits, ({ reason }) => reason)].flatMap(([reason, group]) =>
      row(
        group.map(({ property = '' }) => property),
        `not emulated: ${reason}`,
      ),
    ),
  ];
  return [
    `<a id="${anchorOf(type.type)}"></a>`,
    `### ${type.type}`,
    ['| accepted | here |', '|---|---|', ...rows].join('\n'),
    ...attributesOf(type),
  ].join('\n\n');
};

const attributesOf = ({ attributes }: ResourceType): string[] => {
  if (attributes === 'any') return ['`Fn::GetAtt`: whatever its function answers'];
  const listed = attributes.toSorted().map((name) => `\`${name}\``);
  return listed.length === 0 ? [] : [`\`Fn::GetAtt\`: ${listed.join(', ')}`];
};

const row = (names: readonly string[], text: string): string[] => {
  const listed = [...new Set(names)].toSorted().map((name) => `\`${name}\``);
  return listed.length === 0 ? [] : [`| ${listed.join(', ')} | ${text.replaceAll('|', '\\|')} |`];
};

/** What holds of a type whatever its properties are: its limits ask for none. */
const wholeType = ({ limits }: ResourceType): readonly Limit[] =>
  limits?.length === 0 ? limits(undefined).filter(({ property }) => property === undefined) : [];

/** What is accepted without an effect within a property, itself included, by its dotted name. */
const limitsOf = (schema: z.core.$ZodType, property: string): Limit[] => {
  const reason = z.globalRegistry.get(schema)?.notEmulated;
  if (typeof reason === 'string') return [{ property, reason }];
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type !== 'object') return wrappedIn(schema).flatMap((inner) => limitsOf(inner, property));
  return Object.entries(def.shape).flatMap(([name, inner]) => limitsOf(inner, `${property}.${name}`));
};

/** The objects that a value is, or may be. */
const objectsIn = (schema: z.core.$ZodType): z.core.$ZodObjectDef[] => {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === 'object' ? [def] : wrappedIn(schema).flatMap(objectsIn);
};

const isOpen = ({ catchall }: z.core.$ZodObjectDef): boolean =>
  catchall !== undefined && catchall._zod.def.type !== 'never';

/** The schemas that a schema is made of, without those of an object's properties. */
const wrappedIn = (schema: z.core.$ZodType): readonly z.core.$ZodType[] => {
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
      return [def.innerType];
    case 'pipe':
      return [def.in];
    case 'intersection':
      return [def.left, def.right];
    case 'union':
      return def.options;
    case 'array':
      return [def.element];
    case 'record':
      return [def.valueType];
    default:
      return [];
  }
};
