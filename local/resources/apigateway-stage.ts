import { z } from 'zod';
import type { Throttle } from '../services/api-gateway/model.ts';
import { throttleKey } from '../services/api-gateway/throttling.ts';
import { acceptedNotEmulated, cfnBoolean, cfnNumber, cfnTags, resourceType } from './resource-type.ts';

const methodSetting = z.strictObject({
  ResourcePath: z.string().default('/*'),
  HttpMethod: z.string().default('*'),
  ThrottlingRateLimit: cfnNumber.optional(),
  ThrottlingBurstLimit: cfnNumber.optional(),
  CachingEnabled: z.literal(false, 'answers are not cached here').optional(),
  MetricsEnabled: acceptedNotEmulated('metrics are kept by API and stage'),
  LoggingLevel: acceptedNotEmulated('why a request failed stands in the trace'),
  DataTraceEnabled: acceptedNotEmulated('why a request failed stands in the trace'),
});

/** The defaults of an account in "Quotas for configuring and running a REST API in API Gateway". */
const accountThrottle: Throttle = { rate: 10_000, burst: 5_000 };

const throttleOf = (setting: z.output<typeof methodSetting>): Throttle | undefined => {
  const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = setting;
  if (rate === undefined && burst === undefined) return undefined;
  return { rate: rate ?? accountThrottle.rate, burst: burst ?? accountThrottle.burst };
};

/** `AWS::ApiGateway::Stage` */
export const apiGatewayStage = resourceType({
  type: 'AWS::ApiGateway::Stage',
  attributes: [],
  properties: z.strictObject({
    RestApiId: z.string(),
    StageName: z.string().default('default'),
    DeploymentId: z.string().default(''),
    Description: z.string().optional(),
    Variables: z.record(z.string(), z.string()).default({}),
    MethodSettings: z.array(methodSetting).default([]),
    AccessLogSetting: z
      .strictObject({
        DestinationArn: acceptedNotEmulated('access logs go to the data directory, under logs/'),
        Format: z.string().optional(),
      })
      .optional(),
    TracingEnabled: cfnBoolean
      .optional()
      .meta({ notEmulated: 'requests stand in the local trace instead of X-Ray' }),
    CacheClusterEnabled: z.literal(false).optional(),
    Tags: cfnTags,
  }),
  create: async (properties, { cloud }) => {
    const throttles = properties.MethodSettings.flatMap((setting) => {
      const throttle = throttleOf(setting);
      const path = setting.ResourcePath.replace(/^\//, '').replaceAll('~1', '/');
      return throttle ? [[throttleKey(path, setting.HttpMethod), throttle] as const] : [];
    });
    const format = properties.AccessLogSetting?.Format;
    cloud.apiGateway.definitions.api(properties.RestApiId).stages.set(properties.StageName, {
      name: properties.StageName,
      deploymentId: properties.DeploymentId,
      variables: properties.Variables,
      throttles: Object.fromEntries(throttles),
      ...(format !== undefined && { accessLogFormat: format }),
    });
    return { ref: properties.StageName };
  },
});
