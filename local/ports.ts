/** How the services of the local cloud reach each other in process. All resolve only when what they did would survive a crash. */

/** Who asks: the account itself, a role of the template, an AWS service on behalf of a resource, or nobody. */
export type Caller =
  | { readonly kind: 'account' }
  | { readonly kind: 'role'; readonly roleArn: string; readonly session: string }
  | { readonly kind: 'service'; readonly service: string; readonly sourceArn: string }
  | { readonly kind: 'anonymous' };

export interface MessageAttribute {
  readonly dataType: string;
  readonly stringValue?: string;
  readonly binaryValue?: Uint8Array;
}

export interface OutgoingMessage {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly delaySeconds?: number;
  /** `AWSTraceHeader`. */
  readonly traceHeader?: string;
}

export interface Queues {
  /** Throws AwsError: QueueDoesNotExist, AccessDenied, InvalidMessageContents and the rest of SendMessage's. */
  send(queueArn: string, message: OutgoingMessage, caller: Caller): Promise<{ readonly messageId: string }>;
}

export interface Publication {
  readonly message: string;
  readonly subject?: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

export interface Topics {
  publish(
    topicArn: string,
    publication: Publication,
    caller: Caller,
  ): Promise<{ readonly messageId: string }>;
}

export interface Invocation {
  readonly statusCode: number;
  readonly payload: string;
  /** `Handled` or `Unhandled` when the function failed. */
  readonly functionError?: string;
  /** The environment's last 4 KiB of log. */
  readonly logTail: string;
  readonly requestId: string;
}

export interface Functions {
  /**
   * `RequestResponse`. Resolves also when the function failed (`functionError`).
   * Throws AwsError: ResourceNotFoundException, AccessDeniedException, TooManyRequestsException (429: no environment free).
   */
  invoke(
    functionArn: string,
    payload: string,
    caller: Caller,
    options?: {
      /** Gets what a streaming handler writes, as it is written (`InvokeWithResponseStream`); the payload is empty then. */
      readonly onChunk?: (chunk: Uint8Array) => void;
    },
  ): Promise<Invocation>;
  /** `Event`: resolves once the event is stored; retried twice, then sent to the destination on failure. */
  invokeAsync(functionArn: string, payload: string, caller: Caller): Promise<void>;
}

export interface Objects {
  put(bucket: string, key: string, body: Uint8Array, caller: Caller): Promise<void>;
}

/** CloudWatch, as far as alarms need it. */
export interface Metrics {
  /** Adds one datum at the clock's present time. */
  record(namespace: string, name: string, dimensions: Readonly<Record<string, string>>, value: number): void;
}
