import type { Foundation } from '../../cloud.ts';
import { AwsError } from '../../errors.ts';
import type { EventSourceMappings } from '../../pollers/event-source-mappings.ts';
import type { PollableQueues } from '../../pollers/sqs.ts';
import type { Caller, Functions, Invocation, Objects, Queues, Topics } from '../../ports.ts';
import type { Protocol } from '../service.ts';
import type {
  EventInvokeConfig,
  FunctionChanges,
  FunctionDefinition,
  LambdaFunction,
} from './function-definition.ts';

/** Services that functions and their failures reach; topics and objects lazily, because they reach functions too. */
export interface LambdaPorts {
  readonly queues: Queues & PollableQueues;
  readonly topics: () => Topics;
  readonly objects: () => Objects;
}

const unfinished = (): never => {
  throw new AwsError('InternalFailure', 'not built', 500);
};

/** AWS Lambda. */
export class Lambda implements Functions {
  readonly protocol: Protocol = { handle: async () => unfinished() };
  readonly eventSourceMappings: EventSourceMappings;

  constructor(_foundation: Foundation, _ports: LambdaPorts) {
    this.eventSourceMappings = unfinished();
  }

  /** Makes sure that the function exists with this configuration. */
  async createFunction(_definition: FunctionDefinition): Promise<LambdaFunction> {
    return unfinished();
  }

  /** Name or ARN. Throws AwsError ResourceNotFoundException. */
  function(_reference: string): LambdaFunction {
    return unfinished();
  }

  async updateFunction(_reference: string, _changes: FunctionChanges): Promise<LambdaFunction> {
    return unfinished();
  }

  /** `undefined` gives the function the account's concurrency again; 0 throttles it. */
  setReservedConcurrency(_reference: string, _limit: number | undefined): void {
    unfinished();
  }

  setEventInvokeConfig(_reference: string, _config: EventInvokeConfig): void {
    unfinished();
  }

  /** Makes a version or alias known; `$LATEST` runs behind it. @returns its ARN. */
  putQualifier(_reference: string, _qualifier: string): string {
    return unfinished();
  }

  async invoke(_functionArn: string, _payload: string, _caller: Caller): Promise<Invocation> {
    return unfinished();
  }

  async invokeAsync(_functionArn: string, _payload: string, _caller: Caller): Promise<void> {
    return unfinished();
  }

  /** The function's running processes. */
  environments(_reference: string): { readonly pid: number; readonly busy: boolean }[] {
    return unfinished();
  }

  async close(): Promise<void> {}
}
