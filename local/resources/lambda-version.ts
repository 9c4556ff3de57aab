import { z } from 'zod';
import { acceptedNotEmulated, resourceType } from './resource-type.ts';

/** `Ref` is the qualified ARN. Every version runs the code of `$LATEST`. */
export const lambdaVersion = resourceType({
  type: 'AWS::Lambda::Version',
  attributes: ['FunctionArn', 'Version'],
  properties: z.strictObject({
    CodeSha256: acceptedNotEmulated('every version runs the latest code'),
    Description: z.string().optional(),
    FunctionName: z.string(),
  }),
  create: async ({ FunctionName }, { cloud }) => {
    const version = '1';
    const arn = cloud.lambda.putQualifier(FunctionName, version);
    return { ref: arn, attributes: { FunctionArn: arn, Version: version } };
  },
});
