import { statSync } from 'node:fs';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { FunctionCode } from '../services/lambda/function-definition.ts';
import {
  acceptedNotEmulated,
  cfnNumber,
  cfnTags,
  type ResourceContext,
  resourceType,
} from './resource-type.ts';

const code = z.union([
  z.strictObject({ ZipFile: z.string() }),
  z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
]);

const codeOf = (
  given: z.output<typeof code>,
  runtime: string,
  { asset, path }: ResourceContext,
): FunctionCode => {
  if ('ZipFile' in given) return { inline: given.ZipFile };
  const directory = asset(given.S3Bucket, given.S3Key);
  if (runtime.startsWith('nodejs') && !statSync(directory).isDirectory()) {
    throw new UserError(
      `${path} (AWS::Lambda::Function): its code ${directory} is no directory; zip files are not unpacked here`,
    );
  }
  return { directory };
};

/** `Ref` is the name. Functions of other runtimes than Node.js are there, and fail when they are invoked. */
export const lambdaFunction = resourceType({
  type: 'AWS::Lambda::Function',
  properties: z.strictObject({
    Architectures: z.array(z.string()).optional(),
    Code: code,
    DeadLetterConfig: z.strictObject({ TargetArn: z.string().optional() }).optional(),
    Description: z.string().optional(),
    Environment: z.strictObject({ Variables: z.record(z.string(), z.coerce.string()).optional() }).optional(),
    EphemeralStorage: z.strictObject({ Size: cfnNumber }).optional(),
    FunctionName: z.string().optional(),
    Handler: z.string().default('index.handler'),
    KmsKeyArn: acceptedNotEmulated('nothing is encrypted at rest on this machine'),
    Layers: acceptedNotEmulated('only functions that are never run here use layers'),
    LoggingConfig: z
      .strictObject({
        ApplicationLogLevel: z.string().optional(),
        LogFormat: z.enum(['Text', 'JSON']).optional(),
        LogGroup: z.string().optional(),
        SystemLogLevel: acceptedNotEmulated('the lines of the service are always written'),
      })
      .optional(),
    MemorySize: cfnNumber.optional(),
    PackageType: z.literal('Zip').optional(),
    RecursiveLoop: acceptedNotEmulated('loops are not detected here'),
    ReservedConcurrentExecutions: cfnNumber.optional(),
    Role: z.string(),
    Runtime: z.string(),
    RuntimeManagementConfig: acceptedNotEmulated('the runtime is the Node.js that runs this program'),
    Tags: cfnTags,
    Timeout: cfnNumber.optional(),
    TracingConfig: z.strictObject({ Mode: z.string() }).optional(),
    VpcConfig: acceptedNotEmulated('there is no network to divide on this machine'),
  }),
  create: async (properties, context) => {
    const { Layers, Runtime: runtime, LoggingConfig: logging } = properties;
    if (runtime.startsWith('nodejs') && Array.isArray(Layers) && Layers.length > 0) {
      throw new UserError(
        `${context.path} (AWS::Lambda::Function): property "Layers" is not supported for ${runtime}`,
      );
    }
    const [architecture] = properties.Architectures ?? [];
    const { arn, name } = await context.cloud.lambda.createFunction({
      name: properties.FunctionName ?? context.name({ maxLength: 64 }),
      roleArn: properties.Role,
      runtime,
      handler: properties.Handler,
      code: codeOf(properties.Code, runtime, context),
      ...(properties.Description !== undefined && { description: properties.Description }),
      ...(properties.Timeout !== undefined && { timeoutSeconds: properties.Timeout }),
      ...(properties.MemorySize !== undefined && { memoryMb: properties.MemorySize }),
      ...(properties.Environment?.Variables && { environment: properties.Environment.Variables }),
      ...(properties.ReservedConcurrentExecutions !== undefined && {
        reservedConcurrency: properties.ReservedConcurrentExecutions,
      }),
      ...(properties.DeadLetterConfig?.TargetArn && { deadLetterArn: properties.DeadLetterConfig.TargetArn }),
      ...(architecture !== undefined && { architecture }),
      ...(properties.EphemeralStorage && { ephemeralStorageMb: properties.EphemeralStorage.Size }),
      ...(properties.TracingConfig && { tracingMode: properties.TracingConfig.Mode }),
      ...(logging?.LogFormat && { logFormat: logging.LogFormat }),
      ...(logging?.ApplicationLogLevel && { applicationLogLevel: logging.ApplicationLogLevel }),
      ...(logging?.LogGroup && { logGroup: logging.LogGroup }),
    });
    return { ref: name, attributes: { Arn: arn } };
  },
});
