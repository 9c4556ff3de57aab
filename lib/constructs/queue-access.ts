import { Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

/**
 * Keeps everybody out of a queue who is not of this account.
 * AWS services have no account of their own: what they may do is said by the statement that lets them in.
 */
export const ownAccountOnly = (queue: Queue): void => {
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: 'OwnAccountOnly',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['sqs:*'],
      resources: [queue.queueArn],
      conditions: {
        StringNotEquals: { 'aws:PrincipalAccount': Stack.of(queue).account },
        Bool: { 'aws:PrincipalIsAWSService': 'false' },
      },
    }),
  );
};
