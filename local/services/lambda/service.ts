import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Foundation } from '../../cloud.ts';
import { AwsError } from '../../errors.ts';
import type { PollTarget } from '../../pollers/event-source.ts';
import { EventSourceMappings } from '../../pollers/event-source-mappings.ts';
import { type PollableQueues, SqsEventSource } from '../../pollers/sqs.ts';
import type { Caller, Functions, Invocation, Objects, Queues, Topics } from '../../ports.ts';
import type { Protocol } from '../service.ts';
import { AsyncInvocations } from './async-invocations.ts';
import { codeDirectory } from './code.ts';
import { admit, type Use } from './concurrency.ts';
import { Destinations } from './destinations.ts';
import { completeFunction } from './function-defaults.ts';
import type {
  EventInvokeConfig,
  FunctionChanges,
  FunctionDefinition,
  LambdaFunction,
} from './function-definition.ts';
import { FunctionLog } from './function-log.ts';
import { FunctionRunner, type Machine, type RunRequest } from './function-runner.ts';
import { MemoryWatch } from './memory-watch.ts';
import { parseFunctionReference, qualifierOf } from './names.ts';
import { LambdaProtocol } from './protocol.ts';
import { writeRuntime } from './runtime-files.ts';
import { StartGate } from './start-gate.ts';

/** "6 MB each for request and response (synchronous), 1 MB (asynchronous)" (Lambda guide, "Lambda quotas"). */
const SYNC_PAYLOAD_BYTES = 6 * 1024 * 1024;
const ASYNC_PAYLOAD_BYTES = 1024 * 1024;

/** Services that functions and their failures reach; topics and objects lazily, because they reach functions too. */
export interface LambdaPorts {
  readonly queues: Queues & PollableQueues;
  readonly topics: () => Topics;
  readonly objects: () => Objects;
}

export interface InvokeOptions {
  readonly requestId?: string;
  readonly clientContext?: string;
  readonly traceId?: string;
  /** Gets what a streaming handler writes, as it is written. */
  readonly onChunk?: (chunk: Uint8Array) => void;
}

interface Deployed {
  readonly runner: FunctionRunner;
  readonly qualifiers: Set<string>;
  /** By qualifier: "configure settings for a function, version, or alias". */
  readonly eventInvokeConfigs: Map<string, EventInvokeConfig>;
}

/** How long running batches may go on once the cloud closes. */
const FINISHING_MS = 3_000;

/** AWS Lambda. */
export class Lambda implements Functions {
  readonly protocol: Protocol;
  readonly eventSourceMappings: EventSourceMappings;
  readonly #foundation: Foundation;
  readonly #machine: Machine;
  readonly #functions = new Map<string, Deployed>();
  readonly #asyncInvocations: AsyncInvocations;
  readonly #destinations: Destinations;

  constructor(foundation: Foundation, ports: LambdaPorts) {
    this.#foundation = foundation;
    this.protocol = new LambdaProtocol(this, () => foundation.clock.now());
    this.#machine = {
      bootstrap: writeRuntime(join(foundation.dataDir, 'lambda-runtime')),
      gate: new StartGate(Math.max(2, availableParallelism())),
      memory: new MemoryWatch(),
    };
    this.#destinations = new Destinations(foundation, { ...ports, functions: this });
    this.#asyncInvocations = new AsyncInvocations(foundation, {
      run: ({ functionName, ...event }) => this.#run(functionName, event),
      config: (reference) => this.eventInvokeConfig(reference),
      ended: (end) => {
        const { functionName, invokedArn } = end.event;
        return this.#destinations.tell(end, this.function(functionName), this.eventInvokeConfig(invokedArn));
      },
    });
    this.eventSourceMappings = new EventSourceMappings(foundation, (reference) =>
      this.#pollTarget(reference),
    );
    this.eventSourceMappings.register('sqs', new SqsEventSource(foundation, ports.queues));
  }

  /** Makes sure that the function exists with this configuration. */
  async createFunction(definition: FunctionDefinition): Promise<LambdaFunction> {
    const { account, region, dataDir, clock } = this.#foundation;
    const { name } = definition;
    const directory = codeDirectory(definition.code, join(dataDir, 'inline-code', name));
    const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
    const lambda = completeFunction(definition, arn, directory, clock.now());
    const existing = this.#functions.get(name);
    if (existing) {
      existing.runner.configure(lambda);
      return lambda;
    }
    const log = new FunctionLog(join(dataDir, 'logs', `${name}.log`));
    const runner = new FunctionRunner(this.#foundation, this.#machine, log, lambda);
    this.#functions.set(name, { runner, qualifiers: new Set(['$LATEST']), eventInvokeConfigs: new Map() });
    this.#asyncInvocations.resume(name);
    return lambda;
  }

  functions(): LambdaFunction[] {
    return [...this.#functions.values()].map(({ runner }) => runner.lambda);
  }

  /** Name or ARN. Throws AwsError ResourceNotFoundException. */
  function(reference: string): LambdaFunction {
    return this.#deployed(reference).runner.lambda;
  }

  async updateFunction(reference: string, changes: FunctionChanges): Promise<LambdaFunction> {
    const { runner } = this.#deployed(reference);
    runner.configure({
      ...runner.lambda,
      ...changes,
      revisionId: randomUUID(),
      lastModified: this.#foundation.clock.now(),
    });
    return runner.lambda;
  }

  /** `undefined` gives the function the account's concurrency again; 0 throttles it. */
  setReservedConcurrency(reference: string, limit: number | undefined): void {
    const { runner } = this.#deployed(reference);
    runner.configure({ ...runner.lambda, reservedConcurrency: limit }, true);
  }

  /** Empty where nothing was set for this version or alias. */
  eventInvokeConfig(reference: string): EventInvokeConfig {
    const { name, qualifier = '$LATEST' } = parseFunctionReference(reference);
    return this.#functions.get(name)?.eventInvokeConfigs.get(qualifier) ?? {};
  }

  setEventInvokeConfig(reference: string, config: EventInvokeConfig): void {
    this.#deployed(reference).eventInvokeConfigs.set(qualifierOf(reference), config);
  }

  /** Makes a version or alias known; `$LATEST` runs behind it. @returns its ARN. */
  putQualifier(reference: string, qualifier: string): string {
    const { runner, qualifiers } = this.#deployed(reference);
    qualifiers.add(qualifier);
    return `${runner.lambda.arn}:${qualifier}`;
  }

  async invoke(
    functionArn: string,
    payload: string,
    caller: Caller,
    { requestId = randomUUID(), ...options }: InvokeOptions = {},
  ): Promise<Invocation> {
    const { lambda, invokedArn } = this.#invoked(functionArn, caller);
    this.#checkPayload(payload, SYNC_PAYLOAD_BYTES);
    return this.#run(lambda.name, { requestId, payload: payload || '{}', invokedArn, ...options });
  }

  async invokeAsync(
    functionArn: string,
    payload: string,
    caller: Caller,
    requestId: string = randomUUID(),
  ): Promise<void> {
    const { lambda, invokedArn } = this.#invoked(functionArn, caller);
    this.#checkPayload(payload, ASYNC_PAYLOAD_BYTES);
    await this.#asyncInvocations.accept(requestId, lambda.name, invokedArn, payload || '{}');
  }

  /** Throws what `invoke` would throw before it runs anything: `DryRun`. */
  checkInvoke(functionArn: string, caller: Caller): void {
    this.#invoked(functionArn, caller);
  }

  /** The function's running processes. */
  environments(reference: string): { readonly pid: number; readonly busy: boolean }[] {
    return this.#deployed(reference).runner.environments();
  }

  /** Ends every poller and every process. */
  async close(): Promise<void> {
    this.#asyncInvocations.close();
    const stopped = this.eventSourceMappings.close();
    // Cut off in the middle, a message would wait out its visibility timeout at the next start.
    await Promise.race([stopped, pause(FINISHING_MS, undefined, { ref: false })]);
    await Promise.all([...this.#functions.values()].map(({ runner }) => runner.close()));
    await stopped;
  }

  #deployed(reference: string): Deployed {
    const { name, qualifier } = parseFunctionReference(reference);
    const found = this.#functions.get(name);
    if (found && (qualifier === undefined || found.qualifiers.has(qualifier))) return found;
    const { account, region } = this.#foundation;
    const arn = `arn:aws:lambda:${region}:${account}:function:${name}${qualifier ? `:${qualifier}` : ''}`;
    throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
  }

  #invoked(
    reference: string,
    caller: Caller,
  ): { readonly lambda: LambdaFunction; readonly invokedArn: string } {
    const { lambda } = this.#deployed(reference).runner;
    const { qualifier } = parseFunctionReference(reference);
    const invokedArn = qualifier === undefined ? lambda.arn : `${lambda.arn}:${qualifier}`;
    this.#foundation.iam.authorize(caller, 'lambda:InvokeFunction', invokedArn);
    return { lambda, invokedArn };
  }

  #checkPayload(payload: string, limitBytes: number): void {
    if (payload.length * 3 <= limitBytes || Buffer.byteLength(payload) <= limitBytes) return;
    throw new AwsError(
      'RequestTooLargeException',
      `Request must be smaller than ${limitBytes} bytes for the InvokeFunction operation`,
      413,
    );
  }

  async #run(name: string, request: RunRequest): Promise<Invocation> {
    const { runner } = this.#deployed(name);
    const { lambda } = runner;
    if (!lambda.runtime.startsWith('nodejs')) {
      throw new AwsError(
        'InvalidRuntimeException',
        `${name} has the runtime ${lambda.runtime}: only Node.js functions run here`,
        502,
      );
    }
    try {
      admit(this.#use(runner), this.#uses());
      this.#foundation.faults?.refuse({ service: 'lambda', action: 'InvokeFunction', resource: lambda.arn });
    } catch (error) {
      if (error instanceof AwsError && error.status === 429) this.#throttled(name);
      throw error;
    }
    return runner.run(request);
  }

  #throttled(name: string): void {
    const { metrics, trace, clock } = this.#foundation;
    metrics.record('AWS/Lambda', 'Throttles', { FunctionName: name }, 1);
    trace.record({ at: clock.now(), service: 'lambda', action: 'Throttle', resource: name });
  }

  #use(runner: FunctionRunner): Use {
    return { inUse: runner.inUse, reserved: runner.lambda.reservedConcurrency };
  }

  *#uses(): Iterable<Use> {
    for (const { runner } of this.#functions.values()) yield this.#use(runner);
  }

  #pollTarget(reference: string): PollTarget {
    const { arn, name, timeoutSeconds } = this.function(reference);
    const role: PollTarget['role'] = () => ({
      kind: 'role',
      roleArn: this.function(name).roleArn,
      session: name,
    });
    return {
      role,
      functionArn: arn,
      timeoutMs: timeoutSeconds * 1000,
      invoke: (payload: string) => this.#run(name, { requestId: randomUUID(), payload, invokedArn: arn }),
      authorize: (action: string, resourceArn: string) =>
        this.#foundation.iam.authorize(role(), action, resourceArn),
    };
  }
}
