import { Duration, type RemovalPolicy, Token, Validations } from 'aws-cdk-lib';
import { Grant, type IGrantable, type IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Code,
  type FunctionProps,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import * as z from 'zod';
import { bundled } from '../bundling.ts';
import type { NativePlatform } from '../native-modules.ts';
import { type AlarmOptions, alarm, everyMinute } from './alarms.ts';

export interface ServiceFunctionProps extends AlarmOptions {
  /**
   * The schema of the environment variables that the handler reads, from the function's own `env.ts`.
   * Bindings fill them in; one that is missing or not in the schema stops the synth.
   */
  readonly env: z.ZodObject;
  /**
   * Path of the handler's file from the project's root, to be bundled.
   * @default - none: `code` must be given
   */
  readonly entry?: string;
  /**
   * Ready-made code whose handler is `index.handler`.
   * @default - none: `entry` must be given
   */
  readonly code?: Code;
  /** @default "" */
  readonly description?: string;
  /**
   * MB. A full CPU comes at 1,769 (AWS Lambda guide, "Configure Lambda function memory").
   * @default 256
   */
  readonly memorySize?: number;
  /** @default 10 seconds */
  readonly timeout?: Duration;
  /**
   * The most environments that run at the same time, taken out of the account's share.
   * @default - as many as the account allows
   */
  readonly reservedConcurrency?: number;
  /** @default Architecture.ARM_64 */
  readonly architecture?: Architecture;
  /**
   * Whose native modules go with the bundled code.
   * @default - Linux on arm64
   */
  readonly nativePlatform?: NativePlatform;
  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /**
   * What becomes of the logs when the function goes.
   * @default - CDK's: they are kept
   */
  readonly logRemovalPolicy?: RemovalPolicy;
  /**
   * Anything else that `aws-lambda.Function` takes. What is given here wins.
   * @default - nothing
   */
  readonly functionProps?: Partial<FunctionProps>;
}

/** What a function may do with a resource. */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/**
 * A Lambda function as this project runs them all.
 *
 * What it adds to `aws-lambda.Function`, and why:
 * - Node 24 on arm64, one minified ES module with the SDK inside and a source map;
 * - a typed environment: each variable comes with the permission that it is useless without (`bind`), and a variable
 *   that is missing or unknown is an error at synth instead of a failing function;
 * - a log group of its own with a retention, logs as JSON, and a role that may write nowhere else;
 * - active tracing;
 * - alarms when it keeps failing, or keeps being throttled. A single error is not an alarm: it is told to the caller, or
 *   tried again by the broker, whose own alarms tell when that is of no use.
 *
 * @example
 * const getJob = new ServiceFunction(this, 'GetJob', { entry: 'lambdas/get-job/handler.ts', env: GetJobEnv });
 * getJob.bind('JOBS_TABLE', jobs.tableName, { actions: ['dynamodb:GetItem'], resources: [jobs.tableArn] });
 */
export class ServiceFunction extends Construct implements IGrantable {
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;
  readonly timeout: Duration;
  /** MB. */
  readonly memorySize: number;
  readonly reservedConcurrency: number | undefined;
  private readonly env: z.ZodObject;
  private readonly bound = new Set<string>();

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    this.env = props.env;
    this.timeout = props.functionProps?.timeout ?? props.timeout ?? Duration.seconds(10);
    this.memorySize = props.functionProps?.memorySize ?? props.memorySize ?? 256;
    this.reservedConcurrency = props.functionProps?.reservedConcurrentExecutions ?? props.reservedConcurrency;
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      ...(props.logRemovalPolicy && { removalPolicy: props.logRemovalPolicy }),
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    Grant.addToPrincipal({
      grantee: this.role,
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resourceArns: [this.logGroup.logGroupArn],
    });
    this.function = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: props.architecture ?? Architecture.ARM_64,
      code: this.codeOf(props),
      handler: 'index.handler',
      description: props.description ?? '',
      memorySize: this.memorySize,
      timeout: this.timeout,
      ...(this.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: this.reservedConcurrency,
      }),
      role: this.role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      ...props.functionProps,
      environment: { NODE_OPTIONS: '--enable-source-maps', ...props.functionProps?.environment },
    });
    for (const name of Object.keys(props.functionProps?.environment ?? {})) this.bound.add(name);
    this.node.addValidation({ validate: () => this.missingVariables() });
    this.acknowledgeTracing();
    this.watch(props);
  }

  get grantPrincipal(): IPrincipal {
    return this.role;
  }

  /**
   * Tells the function where something is, and lets it use that: one call, so that neither is forgotten.
   *
   * @throws Error when the variable is not in the function's schema, is bound already, or its value does not fit
   */
  bind(variable: string, value: string, permission: Permission): void {
    this.addEnvironment(variable, value);
    this.allow(permission);
  }

  /** Lets the function do something that needs no variable. */
  allow({ actions, resources }: Permission): void {
    Grant.addToPrincipal({ grantee: this, actions: [...actions], resourceArns: [...resources] });
  }

  /** @throws Error when the variable is not in the function's schema, is bound already, or its value does not fit */
  addEnvironment(variable: string, value: string): void {
    const schema = this.env.shape[variable];
    if (!schema) {
      const known = Object.keys(this.env.shape).join(', ') || 'none';
      throw new Error(
        `${this.node.path}: ${variable} is not in the function's env schema (it has: ${known})`,
      );
    }
    if (this.bound.has(variable)) throw new Error(`${this.node.path}: ${variable} is bound twice`);
    this.checkValue(variable, value);
    this.bound.add(variable);
    this.function.addEnvironment(variable, value);
  }

  private checkValue(variable: string, value: string): void {
    if (Token.isUnresolved(value)) return;
    const parsed = this.env.partial().safeParse({ [variable]: value });
    if (parsed.success) return;
    throw new Error(
      `${this.node.path}: ${variable}: ${parsed.error.issues.map(({ message }) => message).join('; ')}`,
    );
  }

  private missingVariables(): string[] {
    return Object.entries(this.env.shape)
      .filter(([name, schema]) => !this.bound.has(name) && !isOptional(schema))
      .map(([name]) => `environment variable ${name} is in the function's env schema but nothing binds it`);
  }

  private codeOf({ entry, code, nativePlatform }: ServiceFunctionProps): Code {
    if (entry !== undefined && code === undefined) {
      return bundled(entry, nativePlatform ?? { os: 'linux', cpu: 'arm64' });
    }
    if (code !== undefined && entry === undefined) return code;
    throw new Error(`${this.node.path}: give either entry or code`);
  }

  private watch(options: AlarmOptions): void {
    const period = { period: everyMinute };
    const keeps = { atLeast: 1, minutes: 3, outOf: 5 };
    const { path } = this.node;
    alarm(
      this,
      'ErrorsAlarm',
      {
        metric: this.function.metricErrors(period),
        ...keeps,
        description: `${path}: keeps failing`,
        runbook: 'function-errors',
      },
      options,
    );
    alarm(
      this,
      'ThrottlesAlarm',
      {
        metric: this.function.metricThrottles(period),
        ...keeps,
        description: `${path}: keeps being throttled`,
        runbook: 'function-throttles',
      },
      options,
    );
  }

  private acknowledgeTracing(): void {
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'xray:PutTraceSegments and xray:PutTelemetryRecords know no resources',
    });
  }
}

const isOptional = (schema: z.core.$ZodType): boolean => z.core.safeParse(schema, undefined).success;
