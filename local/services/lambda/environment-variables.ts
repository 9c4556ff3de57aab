import type { Credentials } from '../../iam.ts';
import type { LambdaFunction } from './function-definition.ts';

export interface Surroundings {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: Credentials;
  readonly logStream: string;
}

/** "Defined runtime environment variables": keys that a function's configuration may not have. */
const reserved = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

export const isReservedVariable = (name: string): boolean => reserved.has(name);

/**
 * All that a function's process sees: Lambda's own variables, then the function's, and of this machine only the `PATH`.
 * Source: Lambda guide, "Working with Lambda environment variables", defined runtime environment variables.
 */
export const environmentVariables = (
  { name, memoryMb, directory, handler, runtime, logGroup, environment, ...lambda }: LambdaFunction,
  { region, endpoint, credentials, logStream }: Surroundings,
): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
  _HANDLER: handler,
  LAMBDA_TASK_ROOT: directory,
  LAMBDA_RUNTIME_DIR: import.meta.dirname,
  AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ENDPOINT_URL: endpoint,
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
  AWS_LAMBDA_LOG_STREAM_NAME: logStream,
  AWS_LAMBDA_LOG_FORMAT: lambda.logFormat,
  ...(lambda.logFormat === 'JSON' && { AWS_LAMBDA_LOG_LEVEL: lambda.applicationLogLevel }),
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
  ...environment,
});

/** V8's heap may take 90 % of the function's memory, as in the runtime on AWS, unless the function says otherwise. */
export const heapOptions = ({ memoryMb, environment }: LambdaFunction): string[] =>
  /--max[-_](old|semi)[-_]space[-_]size/.test(environment.NODE_OPTIONS ?? '')
    ? []
    : [`--max-old-space-size=${Math.floor(memoryMb * 0.9)}`];
