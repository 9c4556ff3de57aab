import { randomUUID } from 'node:crypto';
import type { FunctionDefinition, LambdaFunction } from './function-definition.ts';

/** Decides what a definition leaves open. */
export const completeFunction = (
  definition: FunctionDefinition,
  arn: string,
  directory: string,
  now: number,
): LambdaFunction => ({
  description: '',
  timeoutSeconds: 3,
  memoryMb: 128,
  environment: {},
  architecture: 'x86_64',
  ephemeralStorageMb: 512,
  tracingMode: 'PassThrough',
  logFormat: 'Text',
  applicationLogLevel: 'INFO',
  logGroup: `/aws/lambda/${definition.name}`,
  ...definition,
  reservedConcurrency: definition.reservedConcurrency,
  deadLetterArn: definition.deadLetterArn,
  arn,
  directory,
  revisionId: randomUUID(),
  lastModified: now,
});
