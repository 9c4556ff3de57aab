import { randomBytes } from 'node:crypto';
import type { Foundation } from '../../cloud.ts';
import type { Invocation } from '../../ports.ts';
import { newSegment } from '../../trace-header.ts';
import { EnvironmentPool, type Lease } from './environment-pool.ts';
import { environmentVariables, heapOptions } from './environment-variables.ts';
import { ExecutionEnvironment, type Outcome } from './execution-environment.ts';
import type { LambdaFunction } from './function-definition.ts';
import type { FunctionLog } from './function-log.ts';
import { billedMs, invocationLog, type Report } from './invocation-log.ts';
import type { MemoryWatch } from './memory-watch.ts';
import type { InvokeMessage } from './runtime/messages.ts';
import type { StartGate } from './start-gate.ts';

/** "Init phase: limited to 10 seconds", then once more within the function's timeout (Lambda guide, "Lambda execution environment lifecycle"). */
const INIT_TIMEOUT_MS = 10_000;

/** What the environments of all functions share. */
export interface Machine {
  readonly bootstrap: string;
  readonly gate: StartGate;
  readonly memory: MemoryWatch;
}

export interface RunRequest {
  readonly requestId: string;
  readonly payload: string;
  readonly invokedArn: string;
  readonly clientContext?: string;
  /** `X-Amzn-Trace-Id` of the caller. @default that of the present work */
  readonly traceId?: string;
  /** Gets what a streaming handler writes, as it is written; the payload is empty then. */
  readonly onChunk?: (chunk: Uint8Array) => void;
}

/** An invocation's own part of a trace: what it calls names it as its parent. */
type Segment = ReturnType<typeof newSegment>;

/** As `INIT_REPORT` names it. */
const errorTypeOf = (failed: Outcome): string => {
  switch (failed.kind) {
    case 'failed':
    case 'ended':
      return failed.error.errorType.startsWith('Runtime.') ? failed.error.errorType : 'Runtime.Unknown';
    case 'timedOut':
      return 'Sandbox.Timedout';
    default:
      return 'Runtime.ExitError';
  }
};

/** Runs the events of one function, each in an environment of its own at that time. */
export class FunctionRunner {
  readonly #foundation: Foundation;
  readonly #machine: Machine;
  readonly #log: FunctionLog;
  readonly #pool: EnvironmentPool;
  #lambda: LambdaFunction;
  #inUse = 0;

  constructor(foundation: Foundation, machine: Machine, log: FunctionLog, lambda: LambdaFunction) {
    this.#foundation = foundation;
    this.#machine = machine;
    this.#log = log;
    this.#lambda = lambda;
    this.#pool = new EnvironmentPool(foundation.clock, machine.gate, () => this.#start());
  }

  get lambda(): LambdaFunction {
    return this.#lambda;
  }

  /** Invocations that run, or wait for their environment. */
  get inUse(): number {
    return this.#inUse;
  }

  /** @param sameProcesses the change does not concern what runs. */
  configure(lambda: LambdaFunction, sameProcesses = false): void {
    this.#lambda = lambda;
    if (!sameProcesses) this.#pool.renew();
  }

  environments(): { readonly pid: number; readonly busy: boolean }[] {
    return this.#pool.environments();
  }

  /** Resolves also when the function failed. */
  async run(request: RunRequest): Promise<Invocation> {
    this.#inUse += 1;
    try {
      const lease = await this.#pool.acquire();
      const { environment, initFailure, cold } = lease;
      const { trace, clock } = this.#foundation;
      const segment = newSegment(request.traceId ?? trace.header, clock.now());
      const lines = invocationLog(this.#lambda);
      environment.write(lines.start(request.requestId));
      const startedAt = performance.now();
      const message = this.#message(request, segment);
      const outcome = initFailure ?? (await this.#invoke(environment, message, request.onChunk));
      const durationMs = performance.now() - startedAt;
      const failure = this.#failure(outcome, request.requestId);
      if (failure && outcome.kind !== 'failed') {
        environment.write(
          lines.failure(request.requestId, failure.errorMessage.replace(/^RequestId: \S+ Error: /, '')),
        );
      }
      const status =
        outcome.kind === 'succeeded' ? 'success' : outcome.kind === 'timedOut' ? 'timeout' : 'error';
      const maxMemoryBytes = 'rss' in outcome ? outcome.rss : this.#lambda.memoryMb * 1024 * 1024;
      const { requestId } = request;
      const initMs = cold ? { initMs: environment.initMs } : {};
      this.#finish(lease, { requestId, durationMs, maxMemoryBytes, status, ...initMs }, segment);
      return {
        statusCode: 200,
        payload: outcome.kind === 'succeeded' ? outcome.payload : JSON.stringify(failure),
        ...(failure && { functionError: 'Unhandled' }),
        logTail: environment.tail.take(),
        requestId,
      };
    } finally {
      this.#inUse -= 1;
    }
  }

  async close(): Promise<void> {
    await this.#pool.close();
    this.#log.flush();
  }

  #start(): ExecutionEnvironment {
    const { iam, clock, region, endpoint } = this.#foundation;
    const lambda = this.#lambda;
    const logStream = `${new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomBytes(16).toString('hex')}`;
    const credentials = iam.credentialsFor(lambda.roleArn, lambda.name);
    const environment = new ExecutionEnvironment({
      bootstrap: this.#machine.bootstrap,
      directory: lambda.directory,
      variables: environmentVariables(lambda, { region, endpoint, credentials, logStream }),
      nodeOptions: heapOptions(lambda),
      memoryMb: lambda.memoryMb,
      initTimeoutMs: INIT_TIMEOUT_MS + lambda.timeoutSeconds * 1000,
      clock,
      memory: this.#machine.memory,
      log: (text) => this.#log.write(text),
    });
    const lines = invocationLog(lambda);
    environment.write(lines.initStart());
    void environment.initialized.then((failed) => {
      if (!failed) return;
      const status = failed.kind === 'timedOut' ? 'timeout' : 'error';
      environment.write(lines.initFailure(environment.initMs, status, errorTypeOf(failed)));
    });
    return environment;
  }

  /** A fault on demand may end the environment meanwhile. */
  async #invoke(
    environment: ExecutionEnvironment,
    message: InvokeMessage,
    onChunk: RunRequest['onChunk'],
  ): Promise<Outcome> {
    const kill = () => environment.kill();
    const spare = this.#foundation.faults?.killDuring(this.#lambda.arn, kill);
    return environment.invoke(message, onChunk).finally(spare);
  }

  #message(
    { requestId, payload, invokedArn, clientContext, onChunk }: RunRequest,
    { header: traceId }: Segment,
  ) {
    const remainingMs = this.#lambda.timeoutSeconds * 1000;
    return {
      requestId,
      payload,
      remainingMs,
      traceId,
      functionArn: invokedArn,
      streams: onChunk !== undefined,
      ...(clientContext !== undefined && { clientContext }),
    };
  }

  /** The payload of a failed invocation; what the service adds is worded as in Lambda's own answers. */
  #failure(outcome: Outcome, requestId: string) {
    switch (outcome.kind) {
      case 'succeeded':
        return undefined;
      case 'failed':
      case 'ended':
        return outcome.error;
      case 'exited':
        return {
          errorType: 'Runtime.ExitError',
          errorMessage: `RequestId: ${requestId} Error: ${outcome.reason}`,
        };
      case 'timedOut': {
        const seconds = this.#lambda.timeoutSeconds.toFixed(2);
        return {
          errorType: 'Sandbox.Timedout',
          errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
        };
      }
    }
  }

  #finish({ environment }: Lease, report: Report, { root, segment }: Segment): void {
    environment.write(invocationLog(this.#lambda).end(report));
    const { metrics, trace, clock } = this.#foundation;
    const { name, memoryMb } = this.#lambda;
    const dimensions = { FunctionName: name };
    metrics.record('AWS/Lambda', 'Invocations', dimensions, 1);
    metrics.record('AWS/Lambda', 'Errors', dimensions, report.status === 'success' ? 0 : 1);
    metrics.record('AWS/Lambda', 'Duration', dimensions, report.durationMs);
    metrics.record('AWS/Lambda', 'ConcurrentExecutions', dimensions, this.#inUse);
    trace.record({
      at: clock.now(),
      service: 'lambda',
      action: 'Invoke',
      resource: name,
      ids: {
        requestId: report.requestId,
        status: report.status,
        durationMs: Math.round(report.durationMs * 10) / 10,
        ...(report.initMs !== undefined && { initMs: Math.round(report.initMs * 10) / 10 }),
        billedMs: billedMs(report),
        memoryMb,
        environment: environment.pid,
        ...{ trace: root, segment },
      },
    });
    this.#pool.release(environment);
  }
}
