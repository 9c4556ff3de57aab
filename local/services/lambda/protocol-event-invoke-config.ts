import { z } from 'zod';
import { AwsError } from '../../errors.ts';
import type { EventInvokeConfig } from './function-definition.ts';
import { qualifierOf } from './names.ts';
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
  /** @param qualifiedArn of a version or an alias. */
  const described = (qualifiedArn: string, config: EventInvokeConfig) => ({
    LastModified: now() / 1000,
    FunctionArn: qualifiedArn,
    ...(config.maximumRetryAttempts !== undefined && { MaximumRetryAttempts: config.maximumRetryAttempts }),
    ...(config.maximumEventAgeSeconds !== undefined && {
      MaximumEventAgeInSeconds: config.maximumEventAgeSeconds,
    }),
    DestinationConfig: {
      OnSuccess: shownDestination(config.onSuccess),
      OnFailure: shownDestination(config.onFailure),
    },
  });
  /** @returns the ARN with the version or alias that the request is about. */
  const authorized = (action: string, { reference, query, call }: Request): string => {
    const { arn } = lambda.function(reference);
    call.authorize(`lambda:${action}`, arn);
    return `${arn}:${query.get('Qualifier') ?? qualifierOf(reference)}`;
  };
  const set = (qualifiedArn: string, config: EventInvokeConfig) => {
    lambda.setEventInvokeConfig(qualifiedArn, config);
    return { status: 200, body: described(qualifiedArn, config) };
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
        const arn = authorized('UpdateFunctionEventInvokeConfig', request);
        return set(arn, { ...lambda.eventInvokeConfig(arn), ...asConfig(parseBody(change, request.body)) });
      },
    },
    {
      method: 'GET',
      path,
      run: (request) => {
        const arn = authorized('GetFunctionEventInvokeConfig', request);
        const config = lambda.eventInvokeConfig(arn);
        if (Object.keys(config).length === 0)
          throw new AwsError(
            'ResourceNotFoundException',
            `The function ${arn} doesn't have an EventInvokeConfig`,
            404,
          );
        return { status: 200, body: described(arn, config) };
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
