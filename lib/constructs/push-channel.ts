import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from '../policy/acknowledge-wildcard.ts';
import type { Throttle } from './service-api.ts';
import type { ServiceFunction } from './service-function.ts';
import { SocketAccessLog } from './socket-access-log.ts';

export interface PushChannelProps {
  /** Called when a client connects: it may refuse. */
  readonly onConnect: ServiceFunction;
  /** Called when a client has gone; not always, hence the time to live of a connection's record. */
  readonly onDisconnect: ServiceFunction;
  /** What a client may say, by the `action` of its message. */
  readonly actions: Readonly<Record<string, ServiceFunction>>;
  /**
   * Answers a message that is not JSON, or that names no known action.
   * @default - none: API Gateway answers "Forbidden"
   */
  readonly otherwise?: ServiceFunction;
  /**
   * @default - 100 messages a second, 200 at once
   */
  readonly throttle?: Throttle;
  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /**
   * What becomes of the access log when the API goes.
   * @default - CDK's: it is kept
   */
  readonly logRemovalPolicy?: RemovalPolicy;
  /** @default RemovalPolicy.DESTROY */
  readonly removalPolicy?: RemovalPolicy;
}

/** Variables of a function that pushes. */
export interface PushVariables {
  /** The URL for `@connections`. */
  readonly endpoint: string;
  /** The name of the table of connections. */
  readonly connections: string;
}

const stageName = 'live';

/**
 * Messages to clients that stay connected: a WebSocket API and a record of who is connected, and for what.
 *
 * What it adds to `aws-apigatewayv2.WebSocketApi`, and why:
 * - a table of connections by subject (what is watched) and by connection, whose items end by themselves (`expiresAt`,
 *   epoch seconds): a client that vanishes is not always reported;
 * - whoever pushes may remove connections as well, and has to when API Gateway answers 410: that connection is stale;
 * - an access log as JSON with a retention;
 * - a role per function that may post to this API's connections and no other's; throttles.
 *
 * @example
 * const push = new PushChannel(this, 'Push', { onConnect, onDisconnect, actions: { watch } });
 * push.pushFrom(notifier, { endpoint: 'PUSH_ENDPOINT', connections: 'CONNECTIONS_TABLE' });
 */
export class PushChannel extends Construct {
  readonly api: WebSocketApi;
  readonly stage: WebSocketStage;
  readonly accessLog: SocketAccessLog;
  /** Partition key `subject`, sort key `connectionId`; index `byConnection`; time to live `expiresAt`. */
  readonly connections: Table;

  constructor(scope: Construct, id: string, props: PushChannelProps) {
    super(scope, id);
    if (Object.keys(props.actions).length === 0)
      throw new Error(`${this.node.path}: give at least one action`);
    this.connections = this.createTable(props.removalPolicy ?? RemovalPolicy.DESTROY);
    this.api = new WebSocketApi(this, 'Api', {
      routeSelectionExpression: '$request.body.action',
      connectRouteOptions: {
        integration: new WebSocketLambdaIntegration('Connect', props.onConnect.function),
      },
      disconnectRouteOptions: {
        integration: new WebSocketLambdaIntegration('Disconnect', props.onDisconnect.function),
      },
      ...(props.otherwise && {
        defaultRouteOptions: {
          integration: new WebSocketLambdaIntegration('Otherwise', props.otherwise.function),
          returnResponse: true,
        },
      }),
    });
    for (const [action, fn] of Object.entries(props.actions)) {
      this.api.addRoute(action, {
        integration: new WebSocketLambdaIntegration(action, fn.function),
        returnResponse: true,
      });
    }
    this.accessLog = new SocketAccessLog(this, 'AccessLog', {
      ...(props.logRetention && { retention: props.logRetention }),
      ...(props.logRemovalPolicy && { removalPolicy: props.logRemovalPolicy }),
    });
    const { rate, burst } = props.throttle ?? { rate: 100, burst: 200 };
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName,
      autoDeploy: true,
      throttle: { rateLimit: rate, burstLimit: burst },
      accessLogSettings: this.accessLog.settings,
    });
    this.stage.node.addDependency(this.accessLog);
    Validations.of(this.api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: 'The example is open: the connect function may refuse, and connections are throttled',
    });
  }

  /** Where clients connect. */
  get url(): string {
    return this.stage.url;
  }

  /** Lets `fn` record who watches what. */
  trackFrom(fn: ServiceFunction, variable: string): void {
    const { tableName, tableArn } = this.connections;
    fn.bind(variable, tableName, { actions: ['dynamodb:PutItem'], resources: [tableArn] });
  }

  /** Lets `fn` find what a connection has watched, and forget it. */
  forgetFrom(fn: ServiceFunction, variable: string): void {
    const { tableName, tableArn } = this.connections;
    fn.bind(variable, tableName, { actions: ['dynamodb:DeleteItem'], resources: [tableArn] });
    fn.allow({ actions: ['dynamodb:Query'], resources: [`${tableArn}/index/byConnection`] });
  }

  /** Lets `fn` find the connections of a subject, push to them, keep how far each has got, and remove those that are stale. */
  pushFrom(fn: ServiceFunction, variables: PushVariables): void {
    const { tableName, tableArn } = this.connections;
    fn.bind(variables.connections, tableName, {
      actions: ['dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      resources: [tableArn],
    });
    const connections = Stack.of(this).formatArn({
      service: 'execute-api',
      resource: this.api.apiId,
      resourceName: `${stageName}/POST/@connections/*`,
    });
    fn.bind(variables.endpoint, this.stage.callbackUrl, {
      actions: ['execute-api:ManageConnections'],
      resources: [connections],
    });
    acknowledgeWildcard(
      fn.role,
      connections,
      'Connections are made at run time; the permission ends at this API',
    );
  }

  private createTable(removalPolicy: RemovalPolicy): Table {
    const table = new Table(this, 'Connections', {
      partitionKey: { name: 'subject', type: AttributeType.STRING },
      sortKey: { name: 'connectionId', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      removalPolicy,
    });
    table.addGlobalSecondaryIndex({
      indexName: 'byConnection',
      partitionKey: { name: 'connectionId', type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    Validations.of(table).acknowledge({
      id: 'AwsSolutions-DDB3',
      reason: 'Connections do not outlive the API: there is nothing to restore',
    });
    return table;
  }
}
