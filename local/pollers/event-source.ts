import type { Caller, Invocation } from '../ports.ts';

/** What a template or a caller says of a mapping, in the words of `CreateEventSourceMapping`. */
export interface MappingDefinition {
  readonly functionName: string;
  readonly eventSourceArn: string;
  /** @default true */
  readonly enabled?: boolean;
  /** Everything else, by its API name: `BatchSize`, `FilterCriteria`, `ScalingConfig`, `StartingPosition` ... */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The function at the end of a mapping, as a poller sees it. */
export interface PollTarget {
  readonly functionArn: string;
  readonly timeoutMs: number;
  /** The function's execution role as it is now: what the mapping does, it does as that role. */
  role(): Extract<Caller, { readonly kind: 'role' }>;
  /**
   * Invokes on behalf of the mapping. Resolves also when the function failed (`functionError`).
   * Throws AwsError: TooManyRequestsException when the function is throttled, 503 when the service fails.
   */
  invoke(payload: string): Promise<Invocation>;
  /** Throws AwsError AccessDenied unless the function's execution role grants the action on the resource. */
  authorize(action: string, resourceArn: string): void;
}

/** Takes from one source what one enabled mapping asks for, until it is stopped. */
export interface Poller {
  start(): void;
  /** Takes nothing more; resolves when what was taken has ended. */
  stop(): Promise<void>;
}

/** Identity of a mapping: the same function and source give the same `uuid` on every start, so that a checkpoint can be kept under it. */
export interface MappingIdentity {
  readonly uuid: string;
  readonly arn: string;
  readonly eventSourceArn: string;
}

/**
 * A kind of event source. One class implements it for each service, and
 * `lambda.eventSourceMappings.register('kinesis', new KinesisEventSource(...))` makes mappings to that service possible.
 */
export interface EventSource<Settings = unknown> {
  /**
   * Checks settings and fills in defaults.
   * Throws AwsError InvalidParameterValueException, also when source or permissions are missing.
   */
  configure(
    settings: Readonly<Record<string, unknown>>,
    eventSourceArn: string,
    target: PollTarget,
  ): Settings;
  /** The settings as `GetEventSourceMapping` shows them. */
  describe(settings: Settings): Readonly<Record<string, unknown>>;
  poller(mapping: MappingIdentity, settings: Settings, target: PollTarget): Poller;
  /** The mapping was deleted, and its poller has ended: what was kept under its id serves nobody any more. */
  forget?(mapping: MappingIdentity): void;
}
