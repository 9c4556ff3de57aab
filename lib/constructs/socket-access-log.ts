import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat, CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { type IAccessLogSettings, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface SocketAccessLogProps {
  /** @default RetentionDays.ONE_MONTH */
  readonly retention?: RetentionDays;
  /**
   * What becomes of the log when the API goes.
   * @default - CDK's: it is kept
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The access log of a WebSocket API's stage, as JSON with a retention. A stage has to depend on it: API Gateway takes no
 * stage with a log before the account's settings name the role by which it writes. They are one for all APIs of a region,
 * so the role stays when this API goes.
 */
export class SocketAccessLog extends Construct {
  readonly logGroup: LogGroup;
  readonly settings: IAccessLogSettings;

  constructor(scope: Construct, id: string, props: SocketAccessLogProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Log', {
      retention: props.retention ?? RetentionDays.ONE_MONTH,
      ...(props.removalPolicy && { removalPolicy: props.removalPolicy }),
    });
    this.settings = {
      destination: new LogGroupLogDestination(this.logGroup),
      format: AccessLogFormat.custom(JSON.stringify(fields)),
    };
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [
        ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs'),
      ],
    });
    const account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn });
    for (const kept of [role, account]) kept.applyRemovalPolicy(RemovalPolicy.RETAIN);
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason: 'The policy that AWS maintains for the account-wide logging role of API Gateway',
    });
  }
}

/** No content of messages: it can carry what must not be logged. */
const fields = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  connectionId: '$context.connectionId',
  event: '$context.eventType',
  route: '$context.routeKey',
  status: '$context.status',
  integrationLatencyMs: '$context.integrationLatency',
  integrationStatus: '$context.integration.status',
  error: '$context.error.responseType',
};
