import { apiGatewayAccount } from './apigateway-account.ts';
import { apiGatewayApiKey } from './apigateway-api-key.ts';
import { apiGatewayAuthorizer } from './apigateway-authorizer.ts';
import { apiGatewayDeployment } from './apigateway-deployment.ts';
import { apiGatewayGatewayResponse } from './apigateway-gateway-response.ts';
import { apiGatewayMethod } from './apigateway-method.ts';
import { apiGatewayModel } from './apigateway-model.ts';
import { apiGatewayRequestValidator } from './apigateway-request-validator.ts';
import { apiGatewayResource } from './apigateway-resource.ts';
import { apiGatewayRestApi } from './apigateway-rest-api.ts';
import { apiGatewayStage } from './apigateway-stage.ts';
import { apiGatewayUsagePlan } from './apigateway-usage-plan.ts';
import { apiGatewayUsagePlanKey } from './apigateway-usage-plan-key.ts';
import type { ResourceType } from './resource-type.ts';

/** Every `AWS::ApiGateway::*` type. */
export const apiGatewayTypes: readonly ResourceType[] = [
  apiGatewayAccount,
  apiGatewayApiKey,
  apiGatewayAuthorizer,
  apiGatewayDeployment,
  apiGatewayGatewayResponse,
  apiGatewayMethod,
  apiGatewayModel,
  apiGatewayRequestValidator,
  apiGatewayResource,
  apiGatewayRestApi,
  apiGatewayStage,
  apiGatewayUsagePlan,
  apiGatewayUsagePlanKey,
];
