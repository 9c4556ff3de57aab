import { z } from 'zod';
import { cfnInteger, resourceType } from './resource-type.ts';

const destination = z.strictObject({ Destination: z.string() }).optional();

/** How asynchronous events of a function are retried, and who is told of their end. */
export const lambdaEventInvokeConfig = resourceType({
  type: 'AWS::Lambda::EventInvokeConfig',
  attributes: [],
  properties: z.strictObject({
    DestinationConfig: z.strictObject({ OnFailure: destination, OnSuccess: destination }).optional(),
    FunctionName: z.string(),
    MaximumEventAgeInSeconds: cfnInteger(60, 21_600).optional(),
    MaximumRetryAttempts: cfnInteger(0, 2).optional(),
    Qualifier: z.string(),
  }),
  create: async (properties, { cloud, name }) => {
    const { OnFailure, OnSuccess } = properties.DestinationConfig ?? {};
    const { arn } = cloud.lambda.function(properties.FunctionName);
    cloud.lambda.setEventInvokeConfig(`${arn}:${properties.Qualifier}`, {
      ...(properties.MaximumRetryAttempts !== undefined && {
        maximumRetryAttempts: properties.MaximumRetryAttempts,
      }),
      ...(properties.MaximumEventAgeInSeconds !== undefined && {
        maximumEventAgeSeconds: properties.MaximumEventAgeInSeconds,
      }),
      ...(OnSuccess && { onSuccess: OnSuccess.Destination }),
      ...(OnFailure && { onFailure: OnFailure.Destination }),
    });
    return { ref: name() };
  },
});
