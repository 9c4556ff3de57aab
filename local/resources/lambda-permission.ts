import { z } from 'zod';
import { resourceType } from './resource-type.ts';

/** One statement of the function's resource policy. */
export const lambdaPermission = resourceType({
  type: 'AWS::Lambda::Permission',
  attributes: ['Id'],
  properties: z.strictObject({
    Action: z.string(),
    FunctionName: z.string(),
    Principal: z.string(),
    SourceArn: z.string().optional(),
    SourceAccount: z.string().optional(),
  }),
  create: async ({ Action, FunctionName, Principal, SourceArn, SourceAccount }, { cloud, name }) => {
    const { arn } = cloud.lambda.function(FunctionName);
    const id = name();
    const qualified = /:function:[^:]+:[^:]+$/.test(FunctionName) ? FunctionName : arn;
    cloud.iam.putResourcePolicy(qualified, id, {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: id,
          Effect: 'Allow',
          Principal: Principal.endsWith('.amazonaws.com') ? { Service: Principal } : { AWS: Principal },
          Action,
          Resource: qualified,
          ...((SourceArn || SourceAccount) && {
            Condition: {
              ...(SourceArn && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
              ...(SourceAccount && { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
            },
          }),
        },
      ],
    });
    return { ref: id, attributes: { Id: id } };
  },
});
