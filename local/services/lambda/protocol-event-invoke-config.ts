import { z } from 'zod';
import { AwsError } from '../../errors.ts';
import type { EventInvokeConfig } from './function-definition.ts';
import { type Operation, parseBody, type Request } from './protocol-operation.ts';
import type { Lambda } from './service.ts';

const destination = z.strictObject({ Destination: z.string().optional() }).optional();

const change = z.strictObject({
  MaximumRetryAttempts: z.number().int().min(0).max(2).optional(),
  MaximumEventAgeInSeconds: z.number().int().min(60).max(21_600).optional(),
  DestinationConfig: z.strictObject({ OnSuccess: destination, OnFailure: destination }).optional(),
});

const path = /^\/2019-09-25\/functions\/([^/]+)\/event-invoke-config$/;

const asConfig = ({
  MaximumRetryAttempts: maximumRetryAttempts,
  MaximumEventAgeInSeconds: maximumEventAgeSeconds,
  DestinationConfig: { OnSuccess, OnFailure } = {},
}: z.output<typeof change>): EventInvokeConfig => ({
  ...(maximumRetryAttempts !== undefined && { maximumRetryAttempts }),
  ...(maximumEventAgeSeconds !== undefined && { maximumEventAgeSeconds }),
  ...(OnSuccess?.Destination !== undefined && { onSuccess: OnSuccess.Destination }),
  ...(OnFailure?.Destination !== undefined && { onFailure: OnFailure.Destination }),
});

const shownDestination = (arn: string | undefined) => (arn === undefined ? {} : { Destination: arn });

/** How asynchronous events are retried and where they end: "PutFunctionEventInvokeConfig" replaces, "Update..." changes. */
export const eventInvokeConfigOperations = (lambda: Lambda, now: () => number): Operation[] => {
  const described = (reference: string, config: EventInvokeConfig) => ({
    LastModified: now() / 1000,
    FunctionArn: `${lambda.function(reference).arn}:$LATEST`,
    ...(config.maximumRetryAttempts !== undefined && { MaximumRetryAttempts: config.maximumRetryAttempts }),
    ...(config.maximumEventAgeSeconds !== undefined && {
      MaximumEventAgeInSeconds: config.maximumEventAgeSeconds,
    }),
    DestinationConfig: {
      OnSuccess: shownDestination(config.onSuccess),
      OnFailure: shownDestination(config.onFailure),
    },
  });
  const authorized = (action: string, { reference, call }: Request): string => {
    const { arn, name } = lambda.function(reference);
    call.authorize(`lambda:${action}`, arn);
    return name;
  };
  const set = (name: string, config: EventInvokeConfig) => {
    lambda.setEventInvokeConfig(name, config);
    return { status: 200, body: described(name, config) };
  };
  return [
    {
      method: 'PUT',
      path,
      run: (request) =>
        set(authorized('PutFunctionEventInvokeConfig', request), asConfig(parseBody(change, request.body))),
    },
    {
      method: 'POST',
      path,
      run: (request) => {
        const name = authorized('UpdateFunctionEventInvokeConfig', request);
        return set(name, { ...lambda.eventInvokeConfig(name), ...asConfig(parseBody(change, request.body)) });
      },
    },
    {
      method: 'GET',
      path,
      run: (request) => {
        const name = authorized('GetFunctionEventInvokeConfig', request);
        const config = lambda.eventInvokeConfig(name);
        if (Object.keys(config).length === 0)
          throw new AwsError(
            'ResourceNotFoundException',
            `The function ${lambda.function(name).arn}:$LATEST doesn't have an EventInvokeConfig`,
            404,
          );
        return { status: 200, body: described(name, config) };
      },
    },
    {
      method: 'DELETE',
      path,
      run: (request) => {
        lambda.setEventInvokeConfig(authorized('DeleteFunctionEventInvokeConfig', request), {});
        return { status: 204 };
      },
    },
  ];
};
