import { z } from 'zod';
import { availabilityZones, cidrBlocks } from './network.ts';
import { TemplateError } from './template.ts';

/** Stands for a value that only its resource can tell, while a template is looked at before anything exists. */
export const UNRESOLVED = Symbol('known once its resource exists');

/** What an intrinsic may ask for. Each throws TemplateError for a name that there is not. */
export interface Scope {
  readonly region: string;
  ref(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
  /** `undefined` when the mapping has no such key. */
  mapping(map: string, topKey: string, secondKey: string): unknown;
  exported(name: string): unknown;
  stackOutput(stack: string, output: string): unknown;
  /** Makes API addresses usable on this machine. */
  localized(text: string): string;
}

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

/**
 * A value of a template with its intrinsic functions replaced by what they answer
 * (CloudFormation User Guide, "Intrinsic function reference").
 * `undefined` is `AWS::NoValue`: such a property or list entry is left out. UNRESOLVED swallows the string around it.
 */
export const resolve = (value: unknown, scope: Scope): unknown => {
  if (typeof value === 'string') return withoutDynamicReference(value);
  if (Array.isArray(value))
    return value.map((item) => resolve(item, scope)).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const [name] = Object.keys(value);
  if (name === 'Ref' || name?.startsWith('Fn::')) return callIntrinsic(name, value, scope);
  const resolved: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const result = resolve(item, scope);
    if (result !== undefined) resolved[key] = result;
  }
  return resolved;
};

const callIntrinsic = (name: string, call: object, scope: Scope): unknown => {
  const [argument, ...others] = Object.values(call);
  if (others.length > 0) throw new TemplateError(`${name} stands beside other keys`);
  const intrinsic = intrinsics.get(name);
  if (!intrinsic) throw new TemplateError(`intrinsic function ${name} is not supported`);
  return intrinsic(argument, scope);
};

const withoutDynamicReference = (text: string): string => {
  const [reference] = text.match(/\{\{resolve:[^}]*\}\}/) ?? [];
  if (reference) throw new TemplateError(`dynamic reference ${reference} is not supported`);
  return text;
};

/** An intrinsic whose whole argument is resolved first, and which waits for what is not known yet. */
const of =
  <Schema extends z.ZodType>(
    name: string,
    schema: Schema,
    call: (argument: z.output<Schema>, scope: Scope) => unknown,
  ): Intrinsic =>
  (argument, scope) => {
    const resolved = resolve(argument, scope);
    if (isUnresolved(resolved)) return UNRESOLVED;
    return call(shaped(name, schema, resolved), scope);
  };

const shaped = <Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  argument: unknown,
): z.output<Schema> => {
  const parsed = schema.safeParse(argument);
  if (parsed.success) return parsed.data;
  throw new TemplateError(`${name} is not understood: ${JSON.stringify(argument)}`);
};

/** True when any part of the value is not known yet. */
export const isUnresolved = (value: unknown): boolean =>
  value === UNRESOLVED ||
  (typeof value === 'object' && value !== null && Object.values(value).some(isUnresolved));

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const integer = z.coerce.number().int().min(0);

const attribute: Intrinsic = (argument, scope) => {
  const [logicalId, name] =
    typeof argument === 'string'
      ? [argument.slice(0, argument.indexOf('.')), argument.slice(argument.indexOf('.') + 1)]
      : shaped('Fn::GetAtt', z.tuple([z.string(), z.unknown()]), argument);
  const resolved = resolve(name, scope);
  return local(scope.attribute(logicalId, shaped('Fn::GetAtt', z.string(), resolved)), scope);
};

/** Only the branch that is taken is looked at: the other may refer to what there is not. */
const choose: Intrinsic = (argument, scope) => {
  const [condition, yes, no] = shaped('Fn::If', z.tuple([z.string(), z.unknown(), z.unknown()]), argument);
  return resolve(scope.condition(condition) ? yes : no, scope);
};

const local = (value: unknown, scope: Scope): unknown =>
  typeof value === 'string' ? scope.localized(value) : value;

const substitute: Intrinsic = (argument, scope) => {
  const form = z.union([
    z.string().transform((text) => [text, {}] as const),
    z.tuple([z.string(), z.record(z.string(), z.unknown())]),
  ]);
  const [text, variables] = shaped('Fn::Sub', form, argument);
  let known = true;
  const filled = withoutDynamicReference(text).replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    const value = substitution(name, variables, scope);
    if (value !== UNRESOLVED) return shaped(`\${${name}} in Fn::Sub`, scalar, value);
    known = false;
    return '';
  });
  return known ? local(filled, scope) : UNRESOLVED;
};

const substitution = (name: string, variables: Readonly<Record<string, unknown>>, scope: Scope): unknown => {
  if (Object.hasOwn(variables, name)) return resolve(variables[name], scope);
  return name.includes('.') ? attribute(name, scope) : scope.ref(name);
};

const select: Intrinsic = (argument, scope) => {
  const resolved = resolve(argument, scope);
  if (!Array.isArray(resolved) || resolved.includes(UNRESOLVED)) return UNRESOLVED;
  const [index, items] = shaped('Fn::Select', z.tuple([integer, z.array(z.unknown())]), resolved);
  if (index >= items.length)
    throw new TemplateError(`Fn::Select: there is no item ${index} in a list of ${items.length}`);
  return items[index];
};

const findInMap = of(
  'Fn::FindInMap',
  z.union([
    z.tuple([scalar, scalar, scalar]),
    z.tuple([scalar, scalar, scalar, z.strictObject({ DefaultValue: z.unknown() })]),
  ]),
  ([map, top, second, otherwise], scope) => {
    const found = scope.mapping(map, top, second) ?? otherwise?.DefaultValue;
    if (found === undefined) throw new TemplateError(`Fn::FindInMap: there is no ${map}.${top}.${second}`);
    return found;
  },
);

const weakReference = z.object({
  StackName: z.string(),
  OutputName: z.string(),
  Region: z.string().optional(),
});

const intrinsics: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Ref', (name, scope) => local(scope.ref(shaped('Ref', z.string(), name)), scope)],
  ['Fn::GetAtt', attribute],
  ['Fn::If', choose],
  ['Fn::Sub', substitute],
  ['Fn::Select', select],
  ['Fn::FindInMap', findInMap],
  [
    'Fn::Join',
    of('Fn::Join', z.tuple([z.string(), z.array(scalar)]), ([delimiter, items], scope) =>
      scope.localized(items.join(delimiter)),
    ),
  ],
  [
    'Fn::Split',
    of('Fn::Split', z.tuple([z.string().min(1), scalar]), ([delimiter, text]) => text.split(delimiter)),
  ],
  ['Fn::ImportValue', of('Fn::ImportValue', scalar, (name, scope) => scope.exported(name))],
  [
    'Fn::GetStackOutput',
    of('Fn::GetStackOutput', weakReference, ({ StackName, OutputName }, scope) =>
      scope.stackOutput(StackName, OutputName),
    ),
  ],
  ['Fn::Base64', of('Fn::Base64', scalar, (text) => Buffer.from(text).toString('base64'))],
  [
    'Fn::Cidr',
    of('Fn::Cidr', z.tuple([z.string(), integer, integer.optional()]), ([block, count, hostBits]) =>
      cidrBlocks(block, count, hostBits),
    ),
  ],
  ['Fn::GetAZs', of('Fn::GetAZs', z.string(), (region, scope) => availabilityZones(region || scope.region))],
  ['Fn::Length', of('Fn::Length', z.array(z.unknown()), (items) => items.length)],
  [
    'Fn::ToJsonString',
    of('Fn::ToJsonString', z.union([z.array(z.unknown()), z.looseObject({})]), (value) =>
      JSON.stringify(value),
    ),
  ],
]);
