import { Duration, ReferenceStrength, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import type { AlarmOptions } from './constructs/alarms.ts';
import type { NativePlatform } from './native-modules.ts';

/** What `-c key=value` may say. Everything else in the app follows from it. */
const Context = z.strictObject({
  /** Which copy of the app: stack names carry it, and `prod` keeps its data when its stacks go. */
  stage: z.enum(['dev', 'prod']).default('dev'),
  /** Where the template goes: an AWS account, the local cloud, or an endpoint that imitates AWS on this machine. */
  target: z.enum(['aws', 'local', 'endpoint']).default('aws'),
  /** Who is told when an alarm goes off; nobody unless given. */
  alarmEmail: z.email().optional(),
  /** Apache Kafka beside Kinesis. Off unless asked for: Amazon MSK costs by the hour, also while nothing happens. */
  kafka: z.union([z.boolean(), z.stringbool()]).default(false),
  /** Where domain events go: `both` when there is Kafka, unless said otherwise. Telemetry goes to Kinesis in any case. */
  stream: z.enum(['kinesis', 'kafka', 'both']).optional(),
});

/**
 * What a function is built for, how long its logs are kept and who is told when it keeps failing.
 * Spread into the props of each `ServiceFunction`.
 */
export interface FunctionConfig extends AlarmOptions {
  readonly architecture: Architecture;
  readonly nativePlatform: NativePlatform;
  readonly logRetention: RetentionDays;
}

export interface AppConfig {
  readonly stage: string;
  readonly functions: FunctionConfig;
  /** What happens to tables and buckets when their stack is deleted. */
  readonly removalPolicy: RemovalPolicy;
  /** How long results can be fetched. */
  readonly resultRetention: Duration;
  /** How many images are worked on at the same time: 2 to 1,000. */
  readonly imageConcurrency: number;
  readonly alarmEmail?: string;
  /** Whether webhooks may lie on private addresses: for a receiver on one's own machine, never on AWS. */
  readonly allowPrivateWebhooks: boolean;
  /** Whether there is Kafka. */
  readonly kafka: boolean;
  /** Where domain events go. */
  readonly stream: 'kinesis' | 'kafka' | 'both';
  /** How Kafka knows who asks: the broker of a laptop does not. */
  readonly kafkaAuth: 'iam' | 'none';
  /**
   * How a stack knows what is in another. On AWS by `Fn::GetStackOutput`, which holds nobody: stacks can be deleted, and
   * references to them dropped, in any order. Endpoints that imitate AWS know only exports, which can not.
   */
  readonly references: ReferenceStrength;
  /** Whether the rule packs judge the templates on this synth. */
  readonly checkPolicy: boolean;
}

const stages = {
  dev: {
    removalPolicy: RemovalPolicy.DESTROY,
    logRetention: RetentionDays.ONE_WEEK,
    resultRetention: Duration.days(7),
    imageConcurrency: 10,
  },
  prod: {
    removalPolicy: RemovalPolicy.RETAIN,
    logRetention: RetentionDays.THREE_MONTHS,
    resultRetention: Duration.days(30),
    imageConcurrency: 50,
  },
};

interface TargetConfig
  extends Pick<AppConfig, 'allowPrivateWebhooks' | 'kafkaAuth' | 'references' | 'checkPolicy'> {
  readonly architecture: Architecture;
  readonly nativePlatform: NativePlatform;
}

const hostArchitecture = process.arch === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64;

/**
 * The template is the same everywhere; the native modules inside the functions' code are those of the machine that runs it.
 * An endpoint that imitates AWS runs functions in Linux containers of its host's architecture.
 */
const targets: Readonly<Record<z.infer<typeof Context>['target'], TargetConfig>> = {
  aws: {
    architecture: Architecture.ARM_64,
    nativePlatform: { os: 'linux', cpu: 'arm64' },
    allowPrivateWebhooks: false,
    kafkaAuth: 'iam',
    references: ReferenceStrength.WEAK,
    checkPolicy: true,
  },
  local: {
    architecture: Architecture.ARM_64,
    nativePlatform: { os: process.platform, cpu: process.arch },
    allowPrivateWebhooks: true,
    kafkaAuth: 'none',
    references: ReferenceStrength.WEAK,
    checkPolicy: false,
  },
  endpoint: {
    architecture: hostArchitecture,
    nativePlatform: { os: 'linux', cpu: process.arch },
    allowPrivateWebhooks: true,
    kafkaAuth: 'iam',
    references: ReferenceStrength.STRONG,
    checkPolicy: false,
  },
};

/** The context is wrong: what is to be said fits one line, and needs no stack trace. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The toolkit's own keys look like `aws:cdk:...`, `@aws-cdk/...` or `availability-zones:account=...`. */
const isOurs = (key: string) => !/^@|:/.test(key);

/**
 * Reads the app's configuration from CDK context.
 *
 * @throws {ConfigError} of one line that names the key, when a key is unknown or its value is not allowed
 */
export const readConfig = (context: Readonly<Record<string, unknown>>): AppConfig => {
  const ours = Object.fromEntries(Object.entries(context).filter(([key]) => isOurs(key)));
  const parsed = Context.safeParse(ours);
  if (!parsed.success) {
    throw new ConfigError(`context: ${parsed.error.issues.map(describe).join('; ')}`);
  }

  const { stage, target, alarmEmail, kafka, stream = kafka ? 'both' : 'kinesis' } = parsed.data;
  if (stream !== 'kinesis' && !kafka) throw new ConfigError(`context: stream ${stream} needs kafka=true`);
  const { architecture, nativePlatform, ...forTarget } = targets[target];
  const { logRetention, ...forStage } = stages[stage];
  return {
    stage,
    functions: { architecture, nativePlatform, logRetention },
    ...forStage,
    ...(alarmEmail === undefined ? {} : { alarmEmail }),
    ...forTarget,
    kafka,
    stream,
  };
};

const describe = (issue: z.core.$ZodIssue): string =>
  issue.code === 'unrecognized_keys'
    ? `unknown key ${issue.keys.join(', ')} (known: ${Object.keys(Context.shape).join(', ')})`
    : `${issue.path.join('.')}: ${issue.message}`;
