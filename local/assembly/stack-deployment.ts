import { createHash } from 'node:crypto';
import type { Cloud } from '../cloud.ts';
import { AwsError, UserError } from '../errors.ts';
import type { Fidelity } from '../fidelity.ts';
import type { Created, ResourceContext } from '../resources/resource-type.ts';
import type { Assets } from './assets.ts';
import { resolve } from './intrinsics.ts';
import type { PlannedResource, PlannedStack } from './plan.ts';
import { schemaProblems } from './schema-problems.ts';
import { TemplateError } from './template.ts';
import { TemplateScope } from './template-scope.ts';

/** What the stacks that are deployed already offer to the others. */
export class Exports {
  readonly byName = new Map<string, string>();
  /** By `Stack.Output`. */
  readonly outputs = new Map<string, string>();
}

interface Surroundings {
  readonly cloud: Cloud;
  readonly assets: Assets;
  readonly exports: Exports;
  readonly fidelity: Fidelity;
}

/** Creates the resources of one stack, each as soon as those exist that it depends on. */
export class StackDeployment {
  readonly #planned: PlannedStack;
  readonly #surroundings: Surroundings;
  readonly #created = new Map<string, Created>();
  readonly #scope: TemplateScope;

  constructor(planned: PlannedStack, surroundings: Surroundings) {
    this.#planned = planned;
    this.#surroundings = surroundings;
    const { exports } = surroundings;
    this.#scope = new TemplateScope(planned.stack, surroundings.cloud, {
      ref: (logicalId) => this.#created.get(logicalId)?.ref,
      attribute: (logicalId, name) => this.#attribute(logicalId, name),
      exported: (name) => exports.byName.get(name),
      stackOutput: (stack, output) => exports.outputs.get(`${stack}.${output}`),
    });
  }

  /** @returns the outputs by name. Throws UserError that names the resource that could not be created. */
  async run(): Promise<Record<string, string>> {
    const started = new Map<string, Promise<void>>();
    for (const resource of this.#planned.resources) {
      const needed = [...resource.dependencies].map((logicalId) => started.get(logicalId));
      started.set(
        resource.logicalId,
        Promise.all(needed).then(() => this.#create(resource)),
      );
    }
    // Nothing is left running when this throws.
    const results = await Promise.allSettled(started.values());
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    return this.#outputs();
  }

  async #create(resource: PlannedResource): Promise<void> {
    const { logicalId, template, type } = resource;
    try {
      const properties = resolve(template.Properties, this.#scope);
      const problems = schemaProblems(type, template.Type, properties);
      if (problems.length > 0) throw new TemplateError(problems.join('\n'));
      const parsed = await type.properties.parseAsync(properties);
      this.#created.set(logicalId, await type.create(parsed, this.#context(resource)));
      this.#surroundings.fidelity.add(template.Type, type, resource.properties, parsed);
    } catch (error) {
      throw named(`${this.#planned.stack.name}.${logicalId} (${template.Type})`, error);
    }
  }

  #context({ logicalId, template }: PlannedResource): ResourceContext {
    const { stack } = this.#planned;
    const { cloud, assets } = this.#surroundings;
    return {
      cloud,
      stack: stack.name,
      logicalId,
      type: template.Type,
      path: stack.paths.get(logicalId) ?? `${stack.name}/${logicalId}`,
      name: (options) => generatedName(stack.name, logicalId, options),
      asset: (bucket, key) => assets.locate(bucket, key),
    };
  }

  #attribute(logicalId: string, name: string): unknown {
    const attributes = this.#created.get(logicalId)?.attributes ?? {};
    const found = attributes[name] ?? nested(attributes, name);
    if (found !== undefined) return found;
    const type = this.#planned.stack.template.Resources[logicalId]?.Type;
    const known = Object.keys(attributes).join(', ') || 'none';
    throw new TemplateError(
      `attribute "${name}" of "${logicalId}" (${type}) is not supported. It has: ${known}`,
    );
  }

  #outputs(): Record<string, string> {
    const { stack } = this.#planned;
    const { exports } = this.#surroundings;
    const outputs: Record<string, string> = {};
    for (const [name, { Value, Condition, Export }] of Object.entries(stack.template.Outputs)) {
      if (Condition !== undefined && !this.#scope.condition(Condition)) continue;
      try {
        const value = text(resolve(Value, this.#scope));
        outputs[name] = value;
        exports.outputs.set(`${stack.name}.${name}`, value);
        if (Export) exports.byName.set(text(resolve(Export.Name, this.#scope)), value);
      } catch (error) {
        throw named(`${stack.name}.${name} (output)`, error);
      }
    }
    return outputs;
  }
}

/** An output is a string, a number or a boolean. */
const text = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(`an output must be a string, not ${JSON.stringify(value)}`);
};

const nested = (attributes: Readonly<Record<string, unknown>>, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
      attributes,
    );

/** What the template or a service refuses is the user's to mend; anything else is ours, and keeps its stack. */
const named = (where: string, error: unknown): unknown => {
  if (error instanceof AwsError) return new UserError(`${where}: ${error.code}: ${error.message}`);
  if (error instanceof TemplateError || error instanceof UserError)
    return new UserError(`${where}: ${error.message}`);
  return new Error(`${where} could not be created`, { cause: error });
};

/** The longest name that any service takes, unless the resource type says less. */
const LONGEST_NAME = 255;

/** `Stack-LogicalId-1a2b3c4d`, cut in the middle when it is too long: the hash keeps it unique. */
const generatedName = (
  stack: string,
  logicalId: string,
  { maxLength = LONGEST_NAME, lowercase = false, suffix = '' }: Parameters<ResourceContext['name']>[0] = {},
): string => {
  const hash = createHash('sha256').update(`${stack}/${logicalId}`).digest('hex').slice(0, 8);
  const end = `-${hash}${suffix}`;
  const name = `${stack}-${logicalId}`.slice(0, maxLength - end.length).replace(/-+$/, '') + end;
  return lowercase ? name.toLowerCase() : name;
};
