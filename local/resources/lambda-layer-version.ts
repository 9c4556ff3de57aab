import { z } from 'zod';
import { acceptedNotEmulated, resourceType } from './resource-type.ts';

const content =
  'layers are not mounted: the CDK uses them for its own functions, which are done natively here';

/** AWS::Lambda::LayerVersion, as `BucketDeployment` brings one along. */
export const lambdaLayerVersion = resourceType({
  type: 'AWS::Lambda::LayerVersion',
  attributes: ['LayerVersionArn'],
  properties: z.strictObject({
    Content: acceptedNotEmulated(content),
    LayerName: z.string().optional(),
    Description: acceptedNotEmulated('a description has no effect'),
    CompatibleRuntimes: acceptedNotEmulated(content),
    CompatibleArchitectures: acceptedNotEmulated(content),
    LicenseInfo: acceptedNotEmulated('a licence has no effect'),
  }),
  create: async ({ LayerName }, context) => {
    const { account, region } = context.cloud;
    const name = LayerName ?? context.name({ maxLength: 140 });
    const arn = `arn:aws:lambda:${region}:${account}:layer:${name}:1`;
    return { ref: arn, attributes: { LayerVersionArn: arn } };
  },
});
