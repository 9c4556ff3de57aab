/** What the service and an execution environment say to each other over the IPC channel. */

/** Service to environment. */
export interface InvokeMessage {
  readonly requestId: string;
  readonly payload: string;
  readonly remainingMs: number;
  readonly traceId: string;
  readonly functionArn: string;
  /** Whether what a streaming handler writes is wanted as it is written. */
  readonly streams?: boolean;
  /** Text of the `X-Amz-Client-Context` object. */
  readonly clientContext?: string;
}

/** Environment to service. `rss` is the memory of the process, in bytes. */
export type EnvironmentMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'log'; readonly text: string }
  | { readonly type: 'chunk'; readonly chunk: Uint8Array }
  | { readonly type: 'succeeded'; readonly payload: string; readonly rss: number }
  | { readonly type: 'failed'; readonly error: ErrorReport; readonly rss: number }
  /** The process ends after it: during init, or by an error that nobody caught. */
  | { readonly type: 'fatal'; readonly error: ErrorReport };

/** The payload of a failed invocation, as Node.js functions on AWS answer it. */
export interface ErrorReport {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}
