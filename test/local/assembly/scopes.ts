import type { Assembly, Stack } from '../../../local/assembly/assembly.ts';
import { Template } from '../../../local/assembly/template.ts';
import { type Environment, type References, TemplateScope } from '../../../local/assembly/template-scope.ts';

export const environment: Environment = {
  account: '000000000000',
  region: 'us-east-1',
  endpoint: 'http://127.0.0.1:4566',
};

export const stackOf = (template: object, name = 'Stack', dependencies: readonly string[] = []): Stack => ({
  name,
  template: Template.parse(template),
  dependencies,
  paths: new Map(),
});

export const assemblyOf = (...stacks: Stack[]): Assembly => ({ stacks, assets: [] });

/** The names of a template whose resources answer with their own names. */
export const scopeOf = (template: object, references: Partial<References> = {}): TemplateScope =>
  new TemplateScope(stackOf(template), environment, {
    ref: (logicalId) => `${logicalId}!ref`,
    attribute: (logicalId, name) => `${logicalId}!${name}`,
    exported: (name) => `export ${name}`,
    stackOutput: (stack, output) => `output ${stack}.${output}`,
    ...references,
  });
