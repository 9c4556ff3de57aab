import { z } from 'zod';
import { socketApi } from './apigatewayv2-lookup.ts';
import { acceptedNotEmulated, cfnNumber, cfnTags, resourceType } from './resource-type.ts';

const routeSettings = z.strictObject({
  ThrottlingRateLimit: cfnNumber.optional(),
  ThrottlingBurstLimit: cfnNumber.optional(),
  DetailedMetricsEnabled: acceptedNotEmulated('metrics are kept by API and stage'),
  LoggingLevel: acceptedNotEmulated('what happened stands in the trace'),
  DataTraceEnabled: acceptedNotEmulated('what happened stands in the trace'),
});

/** `AWS::ApiGatewayV2::Stage` of a WebSocket API. */
export const apiGatewayV2Stage = resourceType({
  type: 'AWS::ApiGatewayV2::Stage',
  attributes: [],
  properties: z.strictObject({
    ApiId: z.string(),
    StageName: z.string(),
    AutoDeploy: acceptedNotEmulated('a stage always serves the API of the present template'),
    DeploymentId: acceptedNotEmulated('a stage always serves the API of the present template'),
    Description: z.string().optional(),
    StageVariables: z.record(z.string(), z.string()).default({}),
    DefaultRouteSettings: routeSettings.default({}),
    AccessLogSettings: acceptedNotEmulated('what happened on a connection stands in the trace'),
    Tags: cfnTags,
  }),
  create: async (properties, { cloud }) => {
    const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = properties.DefaultRouteSettings;
    const limited = rate !== undefined || burst !== undefined;
    socketApi(cloud, properties.ApiId).stages.set(properties.StageName, {
      name: properties.StageName,
      variables: properties.StageVariables,
      ...(limited && { throttle: { rate: rate ?? 10_000, burst: burst ?? 5_000 } }),
    });
    return { ref: properties.StageName };
  },
});
