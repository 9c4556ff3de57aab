/** Where the code of a function is: the directory of an asset, or the text of `ZipFile`. */
export type FunctionCode = { readonly directory: string } | { readonly inline: string };

/** What a template or a caller says of a function. Defaults are those of `AWS::Lambda::Function`. */
export interface FunctionDefinition {
  readonly name: string;
  readonly roleArn: string;
  /** `nodejs24.x`; other runtimes are kept, and fail when they are invoked. */
  readonly runtime: string;
  /** `file.export`, `directory/file.export`. */
  readonly handler: string;
  readonly code: FunctionCode;
  readonly description?: string;
  /** @default 3 */
  readonly timeoutSeconds?: number;
  /** @default 128 */
  readonly memoryMb?: number;
  /** @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** 0 throttles every invocation. @default the account's concurrency */
  readonly reservedConcurrency?: number;
  /** Queue or topic that gets the events of asynchronous invocations that failed. @default none */
  readonly deadLetterArn?: string;
  /** @default x86_64 */
  readonly architecture?: string;
  /** @default 512 */
  readonly ephemeralStorageMb?: number;
  /** @default PassThrough */
  readonly tracingMode?: string;
  /** @default Text */
  readonly logFormat?: 'Text' | 'JSON';
  /** Only with the log format JSON. @default INFO */
  readonly applicationLogLevel?: string;
  /** @default `/aws/lambda/<name>` */
  readonly logGroup?: string;
}

/** A function as the service holds it: everything decided. */
export interface LambdaFunction
  extends Required<Omit<FunctionDefinition, 'reservedConcurrency' | 'deadLetterArn'>> {
  readonly arn: string;
  readonly reservedConcurrency: number | undefined;
  readonly deadLetterArn: string | undefined;
  /** The directory that the code is loaded from. */
  readonly directory: string;
  readonly revisionId: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
}

/** What `UpdateFunctionConfiguration` may change here. */
export type FunctionChanges = Partial<
  Pick<FunctionDefinition, 'environment' | 'timeoutSeconds' | 'memoryMb' | 'handler' | 'description'>
>;

/** How asynchronous events of a function are retried and where they end: `AWS::Lambda::EventInvokeConfig`. */
export interface EventInvokeConfig {
  /** 0 to 2. @default 2 */
  readonly maximumRetryAttempts?: number;
  /** 60 to 21,600. @default 21600 */
  readonly maximumEventAgeSeconds?: number;
  /** ARN of a queue, topic or function. @default none */
  readonly onSuccess?: string;
  /** ARN of a queue, topic, function or bucket. @default none */
  readonly onFailure?: string;
}
