import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import * as z from 'zod';
import { ServiceFunction, type ServiceFunctionProps } from '../../lib/constructs/service-function.ts';
import { featureFlags } from '../../lib/feature-flags.ts';

/** A stack with nothing in it but what is tested. */
export const emptyStack = (): Stack =>
  new Stack(
    new App({ context: featureFlags, analyticsReporting: false, builtinCloudFormationValidation: false }),
    'Alone',
  );

/** The template of a stack that `build` fills. */
export const templateOf = (build: (stack: Stack) => void): Template => {
  const stack = emptyStack();
  build(stack);
  return Template.fromStack(stack);
};

/** A function that reads the given variables; what it does is of no interest here. */
export const aFunction = (
  scope: Construct,
  id: string,
  variables: readonly string[] = [],
  props: Partial<ServiceFunctionProps> = {},
): ServiceFunction =>
  new ServiceFunction(scope, id, {
    env: z.object(Object.fromEntries(variables.map((name) => [name, z.string().min(1)]))),
    code: Code.fromInline('exports.handler = async () => {};'),
    ...props,
  });

/** The actions that the roles of a template allow, in alphabetical order, with what they allow them on. */
export const allowed = (template: Template): readonly { actions: string[]; resource: unknown }[] =>
  Object.values(template.findResources('AWS::IAM::Policy')).flatMap((policy) =>
    policy.Properties.PolicyDocument.Statement.map(
      ({ Action, Resource }: { Action: string | string[]; Resource: unknown }) => ({
        actions: [Action].flat().sort(),
        resource: Resource,
      }),
    ),
  );
