import { Duration, Lazy, type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  CfnStage,
  EndpointType,
  LogGroupLogDestination,
  MethodLoggingLevel,
  type RequestValidator,
  RestApi,
  type RestApiProps,
} from 'aws-cdk-lib/aws-apigateway';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type AlarmOptions, alarm, everyMinute } from './alarms.ts';
import { answerWithProblems } from './problem-responses.ts';

/** Requests per second on average, and at once. */
export interface Throttle {
  readonly rate: number;
  readonly burst: number;
}

export interface ServiceApiProps extends AlarmOptions {
  /** @default "" */
  readonly description?: string;
  /**
   * For each method that has no throttle of its own.
   * @default - 100 a second, 200 at once
   */
  readonly throttle?: Throttle;
  /**
   * The origin whose pages may call the API.
   * @default "*"
   */
  readonly allowOrigin?: string;
  /**
   * Request headers that such a page may send.
   * @default - content type, caller id, idempotency key, conditional, preference and trace headers
   */
  readonly allowHeaders?: readonly string[];
  /**
   * Response headers that such a page may read.
   * @default - location, retry after, entity tag, trace
   */
  readonly exposeHeaders?: readonly string[];
  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /**
   * What becomes of the access log when the API goes.
   * @default - CDK's: it is kept
   */
  readonly logRemovalPolicy?: RemovalPolicy;
  /**
   * Anything else that `aws-apigateway.RestApi` takes. What is given here wins.
   * @default - nothing
   */
  readonly restApiProps?: Omit<RestApiProps, 'deploy' | 'deployOptions'>;
}

const stageName = 'live';

/**
 * A regional REST API to which `RestEndpoint`s and `DirectEndpoint`s are added.
 *
 * What it adds to `aws-apigateway.RestApi`, and why:
 * - an access log as JSON with a retention, and tracing;
 * - throttles for the stage and for each method, so that one caller cannot exhaust what is behind it;
 * - request validation, once for all methods;
 * - RFC 9457 problems for the errors that API Gateway answers itself, with CORS headers: without them a page sees
 *   a network error instead;
 * - an alarm when it keeps answering with server errors.
 *
 * @example
 * const api = new ServiceApi(this, 'Api');
 * new RestEndpoint(this, 'GetJob', { api, method: 'GET', path: '/v1/jobs/{id}', handler: getJob });
 */
export class ServiceApi extends Construct {
  readonly restApi: RestApi;
  readonly accessLog: LogGroup;
  readonly validator: RequestValidator;
  private readonly throttles = new Map<string, Throttle>();

  constructor(scope: Construct, id: string, props: ServiceApiProps = {}) {
    super(scope, id);
    this.throttles.set('/*/*', props.throttle ?? { rate: 100, burst: 200 });
    this.accessLog = new LogGroup(this, 'AccessLog', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      ...(props.logRemovalPolicy && { removalPolicy: props.logRemovalPolicy }),
    });
    const allowOrigin = props.allowOrigin ?? '*';
    this.restApi = new RestApi(this, 'Rest', {
      // Metrics are kept by this name: that of its stack tells the copies of the app in one account apart.
      restApiName: Stack.of(this).stackName,
      description: props.description ?? '',
      endpointTypes: [EndpointType.REGIONAL],
      // Without this role in the account's settings API Gateway refuses a stage with an access log.
      cloudWatchRole: true,
      defaultCorsPreflightOptions: {
        allowOrigins: [allowOrigin],
        allowHeaders: [...(props.allowHeaders ?? requestHeaders)],
        exposeHeaders: [
          ...(props.exposeHeaders ?? ['Location', 'Retry-After', 'ETag', 'Traceparent', 'X-Correlation-Id']),
        ],
        maxAge: Duration.hours(1),
      },
      ...props.restApiProps,
      deployOptions: {
        stageName,
        tracingEnabled: true,
        accessLogDestination: new LogGroupLogDestination(this.accessLog),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    });
    // The stacks name their outputs themselves.
    this.restApi.node.tryRemoveChild('Endpoint');
    answerWithProblems(this.restApi, allowOrigin);
    this.validator = this.restApi.addRequestValidator('Validator', {
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    this.setMethodSettings();
    this.acknowledgeRules();
    this.watch(props);
  }

  /** Where the API is reached, with a slash at the end. */
  get url(): string {
    return this.restApi.urlForPath('/');
  }

  /** A throttle for one method, instead of the API's. */
  throttle(method: string, path: string, throttle: Throttle): void {
    // "/" stands for itself inside a resource path as "~1" (API Gateway API Reference, "MethodSetting").
    this.throttles.set(`/${path.replaceAll('/', '~1')}/${method}`, throttle);
  }

  private setMethodSettings(): void {
    const stage = this.restApi.deploymentStage.node.defaultChild;
    if (!(stage instanceof CfnStage)) throw new Error(`${this.node.path}: the stage has no CfnStage`);
    stage.methodSettings = Lazy.any({
      produce: () =>
        [...this.throttles].map(([key, { rate, burst }]) => {
          const [, resourcePath = '*', httpMethod = '*'] = key.split('/');
          return {
            resourcePath: `/${resourcePath}`,
            httpMethod,
            throttlingRateLimit: rate,
            throttlingBurstLimit: burst,
            metricsEnabled: true,
            loggingLevel: MethodLoggingLevel.ERROR,
            dataTraceEnabled: false,
          };
        }),
    });
  }

  private watch(options: AlarmOptions): void {
    alarm(
      this,
      'ErrorsAlarm',
      {
        metric: this.restApi.deploymentStage.metricServerError({ period: everyMinute, statistic: 'Sum' }),
        atLeast: 1,
        minutes: 3,
        outOf: 5,
        description: `${this.node.path}: keeps answering with server errors (5xx)`,
        runbook: 'api-errors',
      },
      options,
    );
  }

  private acknowledgeRules(): void {
    Validations.of(this.restApi).acknowledge(
      {
        id: 'AwsSolutions-APIG2',
        reason: 'The validator is created beside the API and set on each method by RestEndpoint',
      },
      {
        id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
        reason: 'The policy that AWS maintains for the account-wide logging role of API Gateway',
      },
    );
    Validations.of(this.restApi.deploymentStage).acknowledge({
      id: 'AwsSolutions-APIG3',
      reason:
        'Stages are throttled; a web ACL is a decision, and a price, of whoever opens the API to the public',
    });
  }
}

const requestHeaders = [
  'Content-Type',
  'X-Caller-Id',
  'Idempotency-Key',
  'Prefer',
  'If-None-Match',
  'Traceparent',
  'X-Correlation-Id',
];

/** Neither headers nor query: both can carry what must not be logged. */
const accessLogFields = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  resource: '$context.resourcePath',
  path: '$context.path',
  status: '$context.status',
  responseLength: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integration.latency',
  integrationStatus: '$context.integration.integrationStatus',
  error: '$context.error.responseType',
};
