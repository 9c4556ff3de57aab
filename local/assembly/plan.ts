import { UserError } from '../errors.ts';
import type { ResourceType } from '../resources/resource-type.ts';
import type { Assembly, Stack } from './assembly.ts';
import { resolve, UNRESOLVED } from './intrinsics.ts';
import { dependencyOrder } from './order.ts';
import { schemaProblems } from './schema-problems.ts';
import { RESOURCE_ATTRIBUTES, TemplateError, type TemplateResource } from './template.ts';
import { type Environment, TemplateScope } from './template-scope.ts';

/** Finds the implementation of a CloudFormation type. */
export type FindType = (type: string) => ResourceType | undefined;

export interface PlannedResource {
  readonly logicalId: string;
  readonly template: TemplateResource;
  readonly type: ResourceType;
  /** Its properties as far as they are known before anything exists. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly dependencies: ReadonlySet<string>;
}

export interface PlannedStack {
  readonly stack: Stack;
  /** What its conditions let through, each after what it depends on. */
  readonly resources: readonly PlannedResource[];
}

/**
 * Looks through all stacks before anything is created, and brings them in their order.
 * Throws one UserError that lists every problem: unknown types and properties, values of a wrong type,
 * intrinsics and references that cannot be resolved, dependency cycles.
 */
export const planDeployment = (
  assembly: Assembly,
  environment: Environment,
  findType: FindType,
): PlannedStack[] => {
  const problems: string[] = [];
  const drafts = assembly.stacks.map((stack) => new StackDraft(stack, environment, findType, problems));
  const exporters = new Map<string, string>();
  for (const { stack, name } of drafts.flatMap((draft) => draft.exports())) {
    const other = exporters.get(name);
    if (other === undefined) exporters.set(name, stack);
    else problems.push(`${stack}: export "${name}" is already one of stack "${other}"`);
  }
  const byName = new Map(drafts.map((draft) => [draft.stack.name, draft]));
  for (const draft of drafts) draft.mustFind(exporters, byName);
  refuse(problems);
  const order = dependencyOrder(
    new Map(drafts.map((draft) => [draft.stack.name, draft.stackDependencies(exporters)])),
    'stacks',
  );
  return order.flatMap((name) => byName.get(name)?.planned() ?? []);
};

const refuse = (problems: readonly string[]): void => {
  if (problems.length === 0) return;
  const hint = problems.some((problem) => problem.endsWith(UNSUPPORTED_TYPE)) ? [SUPPORTED_TYPES] : [];
  const count =
    problems.length === 1 ? [] : [`${problems.length} problems in the templates, nothing was created:`];
  throw new UserError([...count, ...problems, ...hint].join('\n'));
};

const UNSUPPORTED_TYPE = 'this resource type is not supported.';
const SUPPORTED_TYPES = '  Supported types: docs/local-cloud.md';

/** One stack under examination. */
class StackDraft {
  readonly stack: Stack;
  readonly #scope: TemplateScope;
  readonly #problems: string[];
  readonly #resources: PlannedResource[] = [];
  readonly #imports = new Set<string>();
  readonly #outputsOf = new Set<string>();
  /** The resources that the value under examination refers to. */
  #references = new Set<string>();

  constructor(stack: Stack, environment: Environment, findType: FindType, problems: string[]) {
    this.stack = stack;
    this.#problems = problems;
    this.#scope = new TemplateScope(stack, environment, {
      ref: (logicalId) => this.#refer(logicalId),
      attribute: (logicalId, name) => this.#ask(logicalId, name, findType),
      exported: (name) => this.#imports.add(name) && UNRESOLVED,
      stackOutput: (name, output) => this.#outputsOf.add(`${name}.${output}`) && UNRESOLVED,
    });
    for (const transform of stack.template.Transform) {
      // The language extensions are intrinsic functions, and those are looked at one by one.
      if (transform !== 'AWS::LanguageExtensions')
        problems.push(`${stack.name}: transform ${transform} is not supported`);
    }
    for (const [logicalId, template] of Object.entries(stack.template.Resources)) {
      const where = `${stack.name}.${logicalId} (${template.Type})`;
      if (this.#attempt(where, () => this.#exists(template)) === true)
        this.#examine(where, logicalId, template, findType);
    }
    for (const [name, { Value, Condition }] of Object.entries(stack.template.Outputs)) {
      this.#attempt(`${stack.name}.${name} (output)`, () =>
        Condition === undefined || this.#scope.condition(Condition) ? resolve(Value, this.#scope) : undefined,
      );
    }
  }

  exports(): { readonly stack: string; readonly name: string }[] {
    return Object.entries(this.stack.template.Outputs).flatMap(([name, { Export, Condition }]) => {
      if (!Export) return [];
      const resolved = this.#attempt(`${this.stack.name}.${name} (output)`, () =>
        Condition === undefined || this.#scope.condition(Condition)
          ? resolve(Export.Name, this.#scope)
          : undefined,
      );
      return typeof resolved === 'string' ? [{ stack: this.stack.name, name: resolved }] : [];
    });
  }

  /** Reports what the stack takes from others that they do not have. */
  mustFind(exporters: ReadonlyMap<string, string>, stacks: ReadonlyMap<string, StackDraft>): void {
    for (const name of this.#imports) {
      if (!exporters.has(name)) this.#problems.push(`${this.stack.name}: no stack exports "${name}"`);
    }
    for (const reference of this.#outputsOf) {
      const [stack = '', output = ''] = reference.split('.');
      if (!Object.hasOwn(stacks.get(stack)?.stack.template.Outputs ?? {}, output))
        this.#problems.push(`${this.stack.name}: stack "${stack}" has no output "${output}"`);
    }
  }

  stackDependencies(exporters: ReadonlyMap<string, string>): Set<string> {
    return new Set([
      ...this.stack.dependencies,
      ...[...this.#imports].flatMap((name) => exporters.get(name) ?? []),
      ...[...this.#outputsOf].map((reference) => reference.slice(0, reference.indexOf('.'))),
    ]);
  }

  planned(): PlannedStack {
    const byId = new Map(this.#resources.map((resource) => [resource.logicalId, resource]));
    const order = dependencyOrder(
      new Map(this.#resources.map(({ logicalId, dependencies }) => [logicalId, dependencies])),
      `${this.stack.name}: resources`,
    );
    return { stack: this.stack, resources: order.flatMap((logicalId) => byId.get(logicalId) ?? []) };
  }

  #examine(where: string, logicalId: string, template: TemplateResource, findType: FindType): void {
    const type = findType(template.Type);
    if (!type) {
      this.#problems.push(`${where}: ${UNSUPPORTED_TYPE}`);
      return;
    }
    for (const attribute of Object.keys(template)) {
      if (!RESOURCE_ATTRIBUTES.has(attribute))
        this.#problems.push(`${where}: resource attribute "${attribute}" is not supported`);
    }
    for (const name of template.DependsOn) {
      if (!Object.hasOwn(this.stack.template.Resources, name))
        this.#problems.push(`${where}: depends on "${name}", which is not in the template`);
    }
    this.#references = new Set(template.DependsOn);
    const properties: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(template.Properties)) {
      const resolved = this.#attempt(`${where}: property "${name}"`, () => resolve(value, this.#scope));
      if (resolved !== undefined) properties[name] = resolved;
    }
    const dependencies = this.#references;
    this.#references = new Set();
    const refusals = type.problems?.(properties, logicalId) ?? [];
    for (const problem of [...schemaProblems(type, template.Type, properties), ...refusals])
      this.#problems.push(`${where}: ${problem}`);
    this.#resources.push({ logicalId, template, type, properties, dependencies });
  }

  #refer(logicalId: string): typeof UNRESOLVED {
    const template = this.stack.template.Resources[logicalId];
    if (template && !this.#exists(template))
      throw new TemplateError(`refers to "${logicalId}", whose condition does not hold`);
    this.#references.add(logicalId);
    return UNRESOLVED;
  }

  /** An attribute that the resource will not have is a problem now, not halfway through the deployment. */
  #ask(logicalId: string, attribute: string, findType: FindType): typeof UNRESOLVED {
    const type = this.stack.template.Resources[logicalId]?.Type ?? '';
    const known = findType(type)?.attributes ?? 'any';
    if (known !== 'any' && !known.includes(attribute))
      throw new TemplateError(
        `attribute "${attribute}" of "${logicalId}" (${type}) is not supported. It has: ${known.join(', ') || 'none'}`,
      );
    return this.#refer(logicalId);
  }

  #exists({ Condition }: TemplateResource): boolean {
    return Condition === undefined || this.#scope.condition(Condition);
  }

  /** Collects the problem instead of throwing it; the value then counts as not known yet. */
  #attempt<T>(where: string, run: () => T): T | typeof UNRESOLVED {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      this.#problems.push(`${where}: ${error.message}`);
      return UNRESOLVED;
    }
  }
}
