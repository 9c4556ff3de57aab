import { z } from 'zod';
import type { Stack } from './assembly.ts';
import { holds } from './conditions.ts';
import type { Scope } from './intrinsics.ts';
import { TemplateError } from './template.ts';

/** The place that templates are deployed to. */
export interface Environment {
  readonly account: string;
  readonly region: string;
  /** `http://127.0.0.1:4566`. */
  readonly endpoint: string;
}

/** What the resources and the other stacks of a deployment can tell. */
export interface References {
  ref(logicalId: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  exported(name: string): unknown;
  stackOutput(stack: string, output: string): unknown;
}

/** `AWS::SSM::Parameter::Value<String>` of the CDK's bootstrap stack: newer than any version that an app may ask for. */
const BOOTSTRAP_VERSION = '1000';

/** The names of one stack: pseudo parameters, parameters, mappings and conditions here, resources behind `references`. */
export class TemplateScope implements Scope {
  readonly region: string;
  readonly #stack: Stack;
  readonly #environment: Environment;
  readonly #references: References;
  /** `undefined` while a condition is being evaluated. */
  readonly #conditions = new Map<string, boolean | undefined>();

  constructor(stack: Stack, environment: Environment, references: References) {
    this.region = environment.region;
    this.#stack = stack;
    this.#environment = environment;
    this.#references = references;
  }

  ref(name: string): unknown {
    if (name.startsWith('AWS::')) return pseudoParameter(name, this.#stack.name, this.#environment);
    if (Object.hasOwn(this.#stack.template.Parameters, name)) return this.#parameter(name);
    this.#mustExist(name);
    return this.#references.ref(name);
  }

  attribute(logicalId: string, attribute: string): unknown {
    this.#mustExist(logicalId);
    return this.#references.attribute(logicalId, attribute);
  }

  exported(name: string): unknown {
    return this.#references.exported(name);
  }

  stackOutput(stack: string, output: string): unknown {
    return this.#references.stackOutput(stack, output);
  }

  mapping(map: string, topKey: string, secondKey: string): unknown {
    return this.#stack.template.Mappings[map]?.[topKey]?.[secondKey];
  }

  condition(name: string): boolean {
    const { Conditions } = this.#stack.template;
    if (!Object.hasOwn(Conditions, name)) throw new TemplateError(`there is no condition "${name}"`);
    if (!this.#conditions.has(name)) {
      this.#conditions.set(name, undefined);
      this.#conditions.set(name, holds(Conditions[name], this));
    }
    const result = this.#conditions.get(name);
    if (result === undefined) throw new TemplateError(`condition "${name}" depends on itself`);
    return result;
  }

  /** `https://ID.execute-api...` and `wss://ID.execute-api...` become addresses of this machine. */
  localized(text: string): string {
    const { endpoint, region } = this.#environment;
    return text.replace(API_ADDRESS, (address, scheme: string, api: string, where: string) => {
      if (where !== region) return address;
      const base = scheme === 'wss' ? endpoint.replace(/^http/, 'ws') : endpoint;
      return `${base}/_aws/execute-api/${api}`;
    });
  }

  #mustExist(logicalId: string): void {
    if (!Object.hasOwn(this.#stack.template.Resources, logicalId))
      throw new TemplateError(`refers to "${logicalId}", which is not in the template`);
  }

  /** The default, for nobody is asked: `Parameters` with a default that an SSM parameter holds are the bootstrap version only. */
  #parameter(name: string): unknown {
    const { Type, Default } = this.#stack.template.Parameters[name] ?? {};
    if (Type?.startsWith('AWS::SSM::Parameter::')) {
      if (/^\/cdk-bootstrap\/\w+\/version$/.test(String(Default))) return BOOTSTRAP_VERSION;
      throw new TemplateError(`parameter "${name}" reads the SSM parameter ${Default}, which is not here`);
    }
    const text = z.coerce.string().safeParse(Default ?? null);
    if (Default === undefined || !text.success)
      throw new TemplateError(`parameter "${name}" has no default value`);
    const isList = Type === 'CommaDelimitedList' || Type?.startsWith('List<');
    return isList ? text.data.split(',').map((item) => item.trim()) : text.data;
  }
}

const API_ADDRESS = /(https|wss):\/\/([a-z0-9]+)\.execute-api\.([a-z0-9-]+)\.amazonaws\.com/g;

const pseudoParameter = (name: string, stack: string, { account, region }: Environment): unknown => {
  switch (name) {
    case 'AWS::AccountId':
      return account;
    case 'AWS::Region':
      return region;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    case 'AWS::StackName':
      return stack;
    case 'AWS::StackId':
      return stackId(stack, { account, region });
    case 'AWS::NotificationARNs':
      return [];
    case 'AWS::NoValue':
      return undefined;
    default:
      throw new TemplateError(`pseudo parameter ${name} is not supported`);
  }
};

/** The same on every start, as everything that is derived from it should be. */
export const stackId = (
  stack: string,
  { account, region }: Pick<Environment, 'account' | 'region'>,
): string =>
  `arn:aws:cloudformation:${region}:${account}:stack/${stack}/00000000-0000-4000-8000-000000000000`;

/** A value of a template as it is, with nothing but pseudo parameters: asset locations are such. */
export const withPseudoParameters = (
  text: string,
  { account, region }: Pick<Environment, 'account' | 'region'>,
): string =>
  text.replace(/\$\{AWS::(AccountId|Region|Partition)\}/g, (_, name: string) =>
    name === 'AccountId' ? account : name === 'Region' ? region : 'aws',
  );
