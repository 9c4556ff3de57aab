import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnEventSourceMapping, type CfnEventSourceMappingProps, CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnQueue, type CfnQueueProps } from 'aws-cdk-lib/aws-sqs';
import type { NagRuleResult } from 'cdk-nag';
import { emptyStack } from '../constructs/alone.ts';

/** What a rule says of the resource that `build` makes last. */
export const judged = (
  rule: (node: CfnResource) => NagRuleResult,
  build: (stack: Stack) => CfnResource,
): NagRuleResult => rule(build(emptyStack()));

export const aQueue = (stack: Stack, props: CfnQueueProps = {}, id = 'Queue'): CfnQueue =>
  new CfnQueue(stack, id, props);

/** A bare function with a timeout in seconds. */
export const aHandler = (stack: Stack, timeout?: number): CfnFunction =>
  new CfnFunction(stack, 'Handler', {
    code: { zipFile: '//' },
    role: 'arn:aws:iam::000000000000:role/none',
    ...(timeout !== undefined && { timeout }),
  });

export const aSource = (
  stack: Stack,
  eventSourceArn: string,
  handler: CfnFunction,
  props: Partial<CfnEventSourceMappingProps> = {},
): CfnEventSourceMapping =>
  new CfnEventSourceMapping(stack, 'Source', { functionName: handler.ref, eventSourceArn, ...props });

/** Something that no rule is about. */
export const somethingElse = (stack: Stack): CfnResource =>
  new CfnResource(stack, 'Other', { type: 'AWS::SSM::Parameter' });
