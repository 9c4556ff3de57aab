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
  /** Who is told when an alarm goes off. Without it alarms go to a topic that nobody has subscribed. */
  alarmEmail: z.email().optional(),
  /** A budget for what carries the app's tags, in US dollars a month: `alarmEmail` is told at 80 and 100 percent. */
  monthlyBudgetUsd: z.coerce.number().positive().max(1_000_000).optional(),
  /** A web ACL before the API: AWS's managed rules, and a limit of requests for each address. It costs by the month. */
  waf: z.union([z.boolean(), z.stringbool()]).default(false),
  /** The name under which the API is reached, in place of API Gateway's own. */
  domainName: z.hostname().optional(),
  /** The certificate for that name, of the region of the API. */
  certificateArn: z
    .string()
    .regex(/^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/, 'not the ARN of a certificate of ACM')
    .optional(),
  /** The hosted zone of Route 53 that gets the record of that name. Without it the record is made by hand. */
  hostedZoneId: z
    .string()
    .regex(/^Z[A-Z0-9]{1,31}$/, 'not the id of a hosted zone')
    .optional(),
  /** Apache Kafka beside Kinesis. Off unless asked for: Amazon MSK costs by the hour, also while nothing happens. */
  kafka: z.union([z.boolean(), z.stringbool()]).default(false),
  /** Where domain events go: to Kafka where there is one, unless said otherwise; with `both` each is counted twice. Telemetry goes to Kinesis in any case. */
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
  /** What becomes of the logs when the function goes. */
  readonly logRemovalPolicy: RemovalPolicy;
}

/** A name of one's own for the API. */
export interface DomainConfig {
  readonly domainName: string;
  readonly certificateArn: string;
  readonly hostedZoneId?: string;
}

/** An amount a month, and who is told when it is nearly spent. */
export interface BudgetConfig {
  readonly monthlyUsd: number;
  readonly email: string;
}

export interface AppConfig {
  readonly stage: string;
  readonly functions: FunctionConfig;
  /** What happens to tables and buckets when their stack is deleted. */
  readonly removalPolicy: RemovalPolicy;
  /** Whether stacks that hold data can be deleted only once somebody has allowed it for each. */
  readonly terminationProtection: boolean;
  /** How long results can be fetched. */
  readonly resultRetention: Duration;
  /** How many images are worked on at the same time: 2 to 1,000. */
  readonly imageConcurrency: number;
  readonly alarmEmail?: string;
  readonly budget?: BudgetConfig;
  /** Whether a web ACL stands before the API. */
  readonly waf: boolean;
  readonly domain?: DomainConfig;
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

/** Everything carries it as the tag `app`: what belongs together on the bill. */
export const appTag = 'serverless-ipc';

const stages = {
  dev: {
    removalPolicy: RemovalPolicy.DESTROY,
    terminationProtection: false,
    logRetention: RetentionDays.ONE_WEEK,
    resultRetention: Duration.days(7),
    imageConcurrency: 10,
  },
  prod: {
    removalPolicy: RemovalPolicy.RETAIN,
    terminationProtection: true,
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

  const { stage, target, alarmEmail, waf, kafka, stream = kafka ? 'kafka' : 'kinesis' } = parsed.data;
  if (stream !== 'kinesis' && !kafka) throw new ConfigError(`context: stream ${stream} needs kafka=true`);
  const budget = budgetOf(parsed.data);
  const domain = domainOf(parsed.data);
  const { architecture, nativePlatform, ...forTarget } = targets[target];
  const { logRetention, ...forStage } = stages[stage];
  return {
    stage,
    functions: { architecture, nativePlatform, logRetention, logRemovalPolicy: forStage.removalPolicy },
    ...forStage,
    ...(alarmEmail === undefined ? {} : { alarmEmail }),
    ...(budget && { budget }),
    waf,
    ...(domain && { domain }),
    ...forTarget,
    kafka,
    stream,
  };
};

type Given = z.output<typeof Context>;

const budgetOf = ({ monthlyBudgetUsd, alarmEmail }: Given): BudgetConfig | undefined => {
  if (monthlyBudgetUsd === undefined) return undefined;
  if (alarmEmail === undefined)
    throw new ConfigError('context: monthlyBudgetUsd needs alarmEmail: whom to tell');
  return { monthlyUsd: monthlyBudgetUsd, email: alarmEmail };
};

const domainOf = ({ domainName, certificateArn, hostedZoneId }: Given): DomainConfig | undefined => {
  if (domainName === undefined && certificateArn === undefined && hostedZoneId === undefined)
    return undefined;
  if (domainName === undefined || certificateArn === undefined)
    throw new ConfigError('context: a name of its own needs domainName and certificateArn, both');
  return { domainName, certificateArn, ...(hostedZoneId !== undefined && { hostedZoneId }) };
};

const describe = (issue: z.core.$ZodIssue): string =>
  issue.code === 'unrecognized_keys'
    ? `unknown key ${issue.keys.join(', ')} (known: ${Object.keys(Context.shape).join(', ')})`
    : `${issue.path.join('.')}: ${issue.message}`;
