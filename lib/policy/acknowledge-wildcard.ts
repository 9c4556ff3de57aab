import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import * as z from 'zod';

/**
 * Says to `AwsSolutionsChecks` why a role's permission ends in a wildcard.
 *
 * A finding is named by the ARN as it stands in the template. For a resource of another stack that is known only when
 * all stacks are put together, so this waits until then.
 */
export const acknowledgeWildcard = (role: IConstruct, arn: string, reason: string): void => {
  role.node.addValidation({
    validate: () => {
      const finding = flattened(Stack.of(role).resolve(arn));
      Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${finding}]`, reason });
      return [];
    },
  });
};

const Join = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) });
const ImportValue = z.object({ 'Fn::ImportValue': z.string() });
const GetAtt = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) });
const Ref = z.object({ Ref: z.string() });

/** An ARN with its references as cdk-nag writes them: `<LogicalId.Arn>/prefix/*`, and JSON for what it does not know. */
const flattened = (value: unknown): string => {
  const join = Join.safeParse(value);
  if (join.success) return join.data['Fn::Join'][1].map(flattened).join('');
  const imported = ImportValue.safeParse(value);
  if (imported.success) return imported.data['Fn::ImportValue'];
  const attribute = GetAtt.safeParse(value);
  if (attribute.success) return `<${attribute.data['Fn::GetAtt'].join('.')}>`;
  const ref = Ref.safeParse(value);
  if (ref.success) return `<${ref.data.Ref}>`;
  return typeof value === 'string' ? value : JSON.stringify(value);
};
