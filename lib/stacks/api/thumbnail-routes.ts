import { CfnOutput, Duration } from 'aws-cdk-lib';
import { MakeThumbnailEnv } from '../../../lambdas/make-thumbnail/env.ts';
import { RestEndpoint } from '../../constructs/rest-endpoint.ts';
import { ServiceFunction } from '../../constructs/service-function.ts';
import type { Door } from './door.ts';

/** Request/response: the caller waits while its image is worked on, and nothing is kept. */
export const thumbnailRoutes = ({ scope, api, config }: Door): void => {
  const makeThumbnail = new ServiceFunction(scope, 'MakeThumbnail', {
    ...config.functions,
    entry: 'lambdas/make-thumbnail/handler.ts',
    env: MakeThumbnailEnv,
    description: 'Makes a thumbnail while the caller waits',
    memorySize: 1769,
    timeout: Duration.seconds(20),
  });
  new RestEndpoint(scope, 'PostThumbnail', {
    api,
    method: 'POST',
    path: '/v1/thumbnails',
    handler: makeThumbnail,
  });
  new CfnOutput(scope, 'MakeThumbnailFunctionName', { value: makeThumbnail.function.functionName });
};
