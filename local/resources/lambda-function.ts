import { statSync } from 'node:fs';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { ACCOUNT_CONCURRENCY } from '../services/lambda/concurrency.ts';
import { isReservedVariable } from '../services/lambda/environment-variables.ts';
import type { FunctionCode } from '../services/lambda/function-definition.ts';
import {
  acceptedNotEmulated,
  cfnInteger,
  cfnTags,
  type ResourceContext,
  resourceType,
} from './resource-type.ts';

const code = z.union([
  z.strictObject({ ZipFile: z.string() }),
  z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
]);

const variables = z.record(
  z
    .string()
    .regex(/^[a-zA-Z]\w+$/, 'Not a name of an environment variable')
    .refine((name) => !isReservedVariable(name), 'Lambda sets this variable itself'),
  z.coerce.string(),
);

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

/** The CDK's own functions in Python: what they do is done natively here, and they are never invoked. */
const CDK_OWN =
  /^(CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C|BucketNotificationsHandler050a0587b7544547bf325f094a3db834)/;

const isSome = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

/** `Ref` is the name. */
export const lambdaFunction = resourceType({
  type: 'AWS::Lambda::Function',
  attributes: ['Arn'],
  properties: z.strictObject({
    Architectures: z.array(z.string()).optional(),
    Code: code,
    DeadLetterConfig: z.strictObject({ TargetArn: z.string().optional() }).optional(),
    Description: z.string().optional(),
    Environment: z.strictObject({ Variables: variables.optional() }).optional(),
    EphemeralStorage: z.strictObject({ Size: cfnInteger(512, 10_240) }).optional(),
    FunctionName: z.string().optional(),
    Handler: z.string(),
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
    MemorySize: cfnInteger(128, 10_240).optional(),
    PackageType: z.literal('Zip').optional(),
    RecursiveLoop: acceptedNotEmulated('loops are not detected here'),
    ReservedConcurrentExecutions: cfnInteger(0, ACCOUNT_CONCURRENCY).optional(),
    Role: z.string(),
    Runtime: z.string(),
    RuntimeManagementConfig: acceptedNotEmulated('the runtime is the Node.js that runs this program'),
    Tags: cfnTags,
    Timeout: cfnInteger(1, 900).optional(),
    TracingConfig: z.strictObject({ Mode: z.string() }).optional(),
    VpcConfig: acceptedNotEmulated('there is no network to divide on this machine'),
  }),
  problems: ({ Runtime: runtime, Layers }, logicalId) => {
    if (typeof runtime !== 'string' || CDK_OWN.test(logicalId)) return [];
    if (!runtime.startsWith('nodejs'))
      return [`property "Runtime": ${runtime} is not supported, only Node.js runs here`];
    return isSome(Layers) ? [`property "Layers" is not supported for ${runtime}`] : [];
  },
  create: async (properties, context) => {
    const { Runtime: runtime, LoggingConfig: logging } = properties;
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
