import { z } from 'zod';
import { acceptedNotEmulated, resourceType } from './resource-type.ts';

/** Tells AWS which constructs an app uses. */
export const cdkMetadata = resourceType({
  type: 'AWS::CDK::Metadata',
  attributes: [],
  properties: z.strictObject({
    Analytics: acceptedNotEmulated('nothing is reported to AWS from this machine'),
  }),
  create: async (_, context) => ({ ref: context.name() }),
});
