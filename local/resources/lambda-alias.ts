import { z } from 'zod';
import { resourceType } from './resource-type.ts';

/** `Ref` is the qualified ARN. The code of `$LATEST` runs behind it, whatever version it names. */
export const lambdaAlias = resourceType({
  type: 'AWS::Lambda::Alias',
  attributes: ['AliasArn'],
  properties: z.strictObject({
    Description: z.string().optional(),
    FunctionName: z.string(),
    FunctionVersion: z.string(),
    Name: z.string(),
  }),
  create: async ({ FunctionName, Name }, { cloud }) => {
    const arn = cloud.lambda.putQualifier(FunctionName, Name);
    return { ref: arn, attributes: { AliasArn: arn } };
  },
});
