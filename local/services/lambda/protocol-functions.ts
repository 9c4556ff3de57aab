import { z } from 'zod';
import { ACCOUNT_CONCURRENCY } from './concurrency.ts';
import type { LambdaFunction } from './function-definition.ts';
import { type Operation, parseBody, type Request } from './protocol-operation.ts';
import type { Lambda } from './service.ts';

/** `FunctionConfiguration` (Lambda API reference; fields as recorded on AWS, 24-11-2025). */
export const describeFunction = (lambda: LambdaFunction) => ({
  FunctionName: lambda.name,
  FunctionArn: lambda.arn,
  Runtime: lambda.runtime,
  Role: lambda.roleArn,
  Handler: lambda.handler,
  Description: lambda.description,
  Timeout: lambda.timeoutSeconds,
  MemorySize: lambda.memoryMb,
  LastModified: new Date(lambda.lastModified).toISOString().replace('Z', '+0000'),
  Version: '$LATEST',
  ...(lambda.deadLetterArn && { DeadLetterConfig: { TargetArn: lambda.deadLetterArn } }),
  Environment: { Variables: lambda.environment },
  TracingConfig: { Mode: lambda.tracingMode },
  RevisionId: lambda.revisionId,
  State: 'Active',
  LastUpdateStatus: 'Successful',
  PackageType: 'Zip',
  Architectures: [lambda.architecture],
  EphemeralStorage: { Size: lambda.ephemeralStorageMb },
  SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
  LoggingConfig: {
    LogFormat: lambda.logFormat,
    LogGroup: lambda.logGroup,
    ...(lambda.logFormat === 'JSON' && {
      ApplicationLogLevel: lambda.applicationLogLevel,
      SystemLogLevel: 'INFO',
    }),
  },
});

const concurrency = ({ reservedConcurrency }: LambdaFunction) =>
  reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };

const putConcurrency = z.strictObject({
  ReservedConcurrentExecutions: z.number().int().min(0).max(ACCOUNT_CONCURRENCY),
});

const updateConfiguration = z.strictObject({
  Description: z.string().optional(),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.string()).default({}) }).optional(),
  Handler: z.string().optional(),
  MemorySize: z.number().int().min(128).max(10_240).optional(),
  Timeout: z.number().int().min(1).max(900).optional(),
});

const functionPath = (version: string, rest: string): RegExp =>
  new RegExp(`^/${version}/functions/([^/]+)${rest}$`);

/** Reading functions, and what scenarios change of them at run time. */
export const functionOperations = (lambda: Lambda): Operation[] => {
  const authorized = (action: string, { reference, call }: Request): LambdaFunction => {
    const found = lambda.function(reference);
    call.authorize(`lambda:${action}`, found.arn);
    return found;
  };
  return [
    {
      method: 'GET',
      path: /^\/2015-03-31\/functions\/?$/,
      run: ({ call }) => {
        call.authorize('lambda:ListFunctions', '*');
        return { status: 200, body: { Functions: lambda.functions().map(describeFunction) } };
      },
    },
    {
      method: 'GET',
      path: functionPath('2015-03-31', ''),
      run: (request) => {
        const found = authorized('GetFunction', request);
        const Code = { RepositoryType: 'S3', Location: `file://${found.directory}` };
        return {
          status: 200,
          body: { Configuration: describeFunction(found), Code, Tags: {}, Concurrency: concurrency(found) },
        };
      },
    },
    {
      method: 'GET',
      path: functionPath('2015-03-31', '/configuration'),
      run: (request) => ({
        status: 200,
        body: describeFunction(authorized('GetFunctionConfiguration', request)),
      }),
    },
    {
      method: 'PUT',
      path: functionPath('2015-03-31', '/configuration'),
      run: async (request) => {
        const { name } = authorized('UpdateFunctionConfiguration', request);
        const { Description, Environment, Handler, MemorySize, Timeout } = parseBody(
          updateConfiguration,
          request.body,
        );
        const changed = await lambda.updateFunction(name, {
          ...(Description !== undefined && { description: Description }),
          ...(Environment && { environment: Environment.Variables }),
          ...(Handler !== undefined && { handler: Handler }),
          ...(MemorySize !== undefined && { memoryMb: MemorySize }),
          ...(Timeout !== undefined && { timeoutSeconds: Timeout }),
        });
        return { status: 200, body: describeFunction(changed) };
      },
    },
    {
      method: 'PUT',
      path: functionPath('2017-10-31', '/concurrency'),
      run: (request) => {
        const { name } = authorized('PutFunctionConcurrency', request);
        const body = parseBody(putConcurrency, request.body);
        lambda.setReservedConcurrency(name, body.ReservedConcurrentExecutions);
        return { status: 200, body };
      },
    },
    {
      method: 'DELETE',
      path: functionPath('2017-10-31', '/concurrency'),
      run: (request) => {
        lambda.setReservedConcurrency(authorized('DeleteFunctionConcurrency', request).name, undefined);
        return { status: 204 };
      },
    },
    {
      method: 'GET',
      path: functionPath('2019-09-30', '/concurrency'),
      run: (request) => ({ status: 200, body: concurrency(authorized('GetFunctionConcurrency', request)) }),
    },
  ];
};
