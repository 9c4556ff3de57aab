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
import { apiGatewayV2Api } from './apigatewayv2-api.ts';
import { apiGatewayV2Deployment } from './apigatewayv2-deployment.ts';
import { apiGatewayV2Integration } from './apigatewayv2-integration.ts';
import { apiGatewayV2Route } from './apigatewayv2-route.ts';
import { apiGatewayV2RouteResponse } from './apigatewayv2-route-response.ts';
import { apiGatewayV2Stage } from './apigatewayv2-stage.ts';
import { cdkMetadata } from './cdk-metadata.ts';
import { cloudWatchAlarm } from './cloudwatch-alarm.ts';
import { cloudWatchDashboard } from './cloudwatch-dashboard.ts';
import { customAws } from './custom-aws.ts';
import { customCdkBucketDeployment } from './custom-cdk-bucket-deployment.ts';
import { customLogRetention } from './custom-log-retention.ts';
import { customResource } from './custom-resource.ts';
import { customS3AutoDeleteObjects } from './custom-s3-auto-delete-objects.ts';
import { dynamoDbGlobalTable } from './dynamodb-global-table.ts';
import { dynamoDbTable } from './dynamodb-table.ts';
import { ec2FlowLog } from './ec2-flow-log.ts';
import { ec2RouteTable } from './ec2-route-table.ts';
import { ec2SecurityGroup } from './ec2-security-group.ts';
import { ec2SecurityGroupEgress } from './ec2-security-group-egress.ts';
import { ec2SecurityGroupIngress } from './ec2-security-group-ingress.ts';
import { ec2Subnet } from './ec2-subnet.ts';
import { ec2SubnetRouteTableAssociation } from './ec2-subnet-route-table-association.ts';
import { ec2Vpc } from './ec2-vpc.ts';
import { ec2VpcEndpoint } from './ec2-vpc-endpoint.ts';
import { iamManagedPolicy } from './iam-managed-policy.ts';
import { iamPolicy } from './iam-policy.ts';
import { iamRole } from './iam-role.ts';
import { kinesisStream } from './kinesis-stream.ts';
import { kinesisStreamConsumer } from './kinesis-stream-consumer.ts';
import { lambdaAlias } from './lambda-alias.ts';
import { lambdaEventInvokeConfig } from './lambda-event-invoke-config.ts';
import { lambdaEventSourceMapping } from './lambda-event-source-mapping.ts';
import { lambdaFunction } from './lambda-function.ts';
import { lambdaLayerVersion } from './lambda-layer-version.ts';
import { lambdaPermission } from './lambda-permission.ts';
import { lambdaVersion } from './lambda-version.ts';
import { logGroup } from './logs-log-group.ts';
import { logsMetricFilter } from './logs-metric-filter.ts';
import { mskCluster } from './msk-cluster.ts';
import { mskTopic } from './msk-topic.ts';
import type { ResourceType } from './resource-type.ts';
import { s3Bucket } from './s3-bucket.ts';
import { s3BucketNotifications } from './s3-bucket-notifications.ts';
import { s3BucketPolicy } from './s3-bucket-policy.ts';
import { snsSubscription } from './sns-subscription.ts';
import { snsTopic } from './sns-topic.ts';
import { snsTopicPolicy } from './sns-topic-policy.ts';
import { queue } from './sqs-queue.ts';
import { queuePolicy } from './sqs-queue-policy.ts';

/** Every CloudFormation type that this cloud knows. What is not here stops a deployment before it begins. */
export const resourceTypes: readonly ResourceType[] = [
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
  apiGatewayV2Api,
  apiGatewayV2Deployment,
  apiGatewayV2Integration,
  apiGatewayV2Route,
  apiGatewayV2RouteResponse,
  apiGatewayV2Stage,
  cdkMetadata,
  cloudWatchAlarm,
  cloudWatchDashboard,
  customAws,
  customCdkBucketDeployment,
  customLogRetention,
  customResource,
  customS3AutoDeleteObjects,
  dynamoDbGlobalTable,
  dynamoDbTable,
  ec2FlowLog,
  ec2RouteTable,
  ec2SecurityGroup,
  ec2SecurityGroupEgress,
  ec2SecurityGroupIngress,
  ec2Subnet,
  ec2SubnetRouteTableAssociation,
  ec2Vpc,
  ec2VpcEndpoint,
  iamManagedPolicy,
  iamPolicy,
  iamRole,
  kinesisStream,
  kinesisStreamConsumer,
  lambdaAlias,
  lambdaEventInvokeConfig,
  lambdaEventSourceMapping,
  lambdaFunction,
  lambdaLayerVersion,
  lambdaPermission,
  lambdaVersion,
  logGroup,
  logsMetricFilter,
  mskCluster,
  mskTopic,
  queue,
  queuePolicy,
  s3Bucket,
  s3BucketNotifications,
  s3BucketPolicy,
  snsSubscription,
  snsTopic,
  snsTopicPolicy,
];

const byName = new Map(resourceTypes.map((type) => [type.type, type]));

/** `Custom::Anything` is a custom resource under a name of its own. */
export const findType = (type: string): ResourceType | undefined =>
  byName.get(type) ?? (type.startsWith('Custom::') ? customResource : undefined);
