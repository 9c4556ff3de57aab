import type { Construct } from 'constructs';
import type * as z from 'zod';
import type { AppConfig } from '../../config.ts';
import type { ServiceApi } from '../../constructs/service-api.ts';
import { ServiceFunction } from '../../constructs/service-function.ts';

/** What a group of routes is built with. */
export interface Door {
  readonly scope: Construct;
  readonly api: ServiceApi;
  readonly config: AppConfig;
}

/** A function that answers requests: `lambdas/<name>/handler.ts`. */
export const answering = (
  { scope, config }: Door,
  id: string,
  name: string,
  description: string,
  env: z.ZodObject,
): ServiceFunction =>
  new ServiceFunction(scope, id, {
    ...config.functions,
    entry: `lambdas/${name}/handler.ts`,
    env,
    description,
    memorySize: 512,
  });
