import { z } from 'zod';
import { stableId } from '../services/api-gateway/ids.ts';
import type { Throttle } from '../services/api-gateway/model.ts';
import { throttleKey } from '../services/api-gateway/throttling.ts';
import { cfnNumber, cfnTags, resourceType } from './resource-type.ts';

const throttle = z.strictObject({ RateLimit: cfnNumber.optional(), BurstLimit: cfnNumber.optional() });

const throttleOf = ({ RateLimit, BurstLimit }: z.output<typeof throttle>): Throttle | undefined =>
  RateLimit === undefined && BurstLimit === undefined
    ? undefined
    : { rate: RateLimit ?? 0, burst: BurstLimit ?? 0 };

const stageOf = ({ ApiId, Stage, Throttle: methods }: z.output<typeof apiStage>) => ({
  apiId: ApiId,
  stage: Stage,
  throttles: Object.fromEntries(
    Object.entries(methods).flatMap(([key, settings]) => {
      const [path = '', method = '*'] = key.split(/\/(?=[A-Z*]+$)/);
      const throttle = throttleOf(settings);
      return throttle ? [[throttleKey(path, method), throttle] as const] : [];
    }),
  ),
});

const apiStage = z.strictObject({
  ApiId: z.string(),
  Stage: z.string(),
  /** By `/path/METHOD`. */
  Throttle: z.record(z.string(), throttle).default({}),
});

/** `AWS::ApiGateway::UsagePlan` */
export const apiGatewayUsagePlan = resourceType({
  type: 'AWS::ApiGateway::UsagePlan',
  attributes: ['Id'],
  properties: z.strictObject({
    UsagePlanName: z.string().optional(),
    Description: z.string().optional(),
    ApiStages: z.array(apiStage).default([]),
    Throttle: throttle.optional(),
    Quota: z
      .strictObject({
        Limit: cfnNumber,
        Period: z.enum(['DAY', 'WEEK', 'MONTH']),
        Offset: cfnNumber.default(0),
      })
      .optional(),
    Tags: cfnTags,
  }),
  create: async (properties, { cloud, stack, logicalId }) => {
    const id = stableId(6, stack, logicalId);
    const limit = properties.Throttle && throttleOf(properties.Throttle);
    const quota = properties.Quota;
    cloud.apiGateway.definitions.usagePlans.set(id, {
      id,
      stages: properties.ApiStages.map(stageOf),
      ...(limit && { throttle: limit }),
      ...(quota && { quota: { limit: quota.Limit, period: quota.Period, offset: quota.Offset } }),
    });
    return { ref: id, attributes: { Id: id } };
  },
});
