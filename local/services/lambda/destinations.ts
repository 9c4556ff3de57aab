import { randomUUID } from 'node:crypto';
import type { Foundation } from '../../cloud.ts';
import type { Caller, Functions, Invocation, Objects, OutgoingMessage, Queues, Topics } from '../../ports.ts';
import { newSegment } from '../../trace-header.ts';
import type { AsyncEvent } from './async-event-store.ts';
import type { EventInvokeConfig, LambdaFunction } from './function-definition.ts';
import { qualifierOf } from './names.ts';

export type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';

/** How an asynchronous event ended. `invocation` is missing when it never ran. */
export interface EventEnd {
  readonly event: AsyncEvent;
  readonly condition: Condition;
  readonly invocation: Invocation | undefined;
}

export interface DestinationPorts {
  readonly queues: Queues;
  readonly topics: () => Topics;
  readonly objects: () => Objects;
  readonly functions: Functions;
}

const parsed = (json: string): unknown => JSON.parse(json);

/** The invocation record (recorded on AWS, 24-11-2025: destinations of asynchronous invocations). */
const invocationRecord = (
  { event, condition, invocation }: EventEnd,
  { arn }: LambdaFunction,
  now: number,
) => ({
  version: '1.0',
  timestamp: new Date(now).toISOString(),
  requestContext: {
    requestId: event.requestId,
    functionArn: `${arn}:${qualifierOf(event.invokedArn)}`,
    condition,
    approximateInvokeCount: event.attempts,
  },
  requestPayload: parsed(event.payload),
  ...(invocation && {
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      ...(invocation.functionError && { functionError: invocation.functionError }),
    },
    responsePayload: parsed(invocation.payload),
  }),
});

const errorMessageOf = (invocation: Invocation | undefined): string => {
  const answer = parsed(invocation?.payload ?? '{}');
  const message =
    typeof answer === 'object' && answer !== null && 'errorMessage' in answer ? answer.errorMessage : '';
  return String(message).slice(0, 1024);
};

/** What a dead-letter queue gets: the event itself, its failure as attributes (recorded on AWS, 24-11-2025). */
const deadLetter = ({ event, invocation }: EventEnd): OutgoingMessage => ({
  body: event.payload,
  attributes: {
    RequestID: { dataType: 'String', stringValue: event.requestId },
    ErrorCode: { dataType: 'Number', stringValue: '200' },
    ErrorMessage: { dataType: 'String', stringValue: errorMessageOf(invocation) || 'Unknown' },
  },
});

/** Tells where asynchronous events ended, acting as the function's role. */
export class Destinations {
  readonly #foundation: Foundation;
  readonly #ports: DestinationPorts;

  constructor(foundation: Foundation, ports: DestinationPorts) {
    this.#foundation = foundation;
    this.#ports = ports;
  }

  /** Resolves when everything that is configured was told. What could not be delivered is traced and counted, as on AWS: it is not tried again. */
  async tell(end: EventEnd, lambda: LambdaFunction, config: EventInvokeConfig): Promise<void> {
    const failed = end.condition !== 'Success';
    const caller: Caller = { kind: 'role', roleArn: lambda.roleArn, session: lambda.name };
    const { deadLetterArn } = lambda;
    const destination = failed ? config.onFailure : config.onSuccess;
    if (failed && deadLetterArn) {
      await this.#deliver('DeadLetterErrors', deadLetterArn, end, () =>
        this.#sendDeadLetter(deadLetterArn, end, caller),
      );
    }
    if (destination) {
      const record = JSON.stringify(invocationRecord(end, lambda, this.#foundation.clock.now()));
      await this.#deliver('DestinationDeliveryFailures', destination, end, () =>
        this.#send(destination, record, lambda, caller),
      );
    }
  }

  async #deliver(
    metric: string,
    target: string,
    { event, condition }: EventEnd,
    send: () => Promise<unknown>,
  ): Promise<void> {
    const { trace, clock, metrics } = this.#foundation;
    const ids = { requestId: event.requestId, condition };
    try {
      await send();
      trace.record({
        at: clock.now(),
        service: 'lambda',
        action: 'DeliverToDestination',
        resource: target,
        ids,
      });
    } catch (error) {
      metrics.record('AWS/Lambda', metric, { FunctionName: event.functionName }, 1);
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      trace.record({
        at: clock.now(),
        service: 'lambda',
        action: 'DestinationDeliveryFailed',
        resource: target,
        ids: { ...ids, reason },
      });
    }
  }

  #sendDeadLetter(arn: string, end: EventEnd, caller: Caller): Promise<unknown> {
    const { body, attributes } = deadLetter(end);
    if (arn.split(':')[2] === 'sqs') return this.#ports.queues.send(arn, deadLetter(end), caller);
    return this.#ports.topics().publish(arn, { message: body, ...(attributes && { attributes }) }, caller);
  }

  #send(arn: string, record: string, lambda: LambdaFunction, caller: Caller): Promise<unknown> {
    const [, , service, , , bucket = ''] = arn.split(':');
    const { trace, clock } = this.#foundation;
    const segment = newSegment(trace.header, clock.now());
    switch (service) {
      case 'sqs':
        return this.#ports.queues.send(arn, { body: record, traceHeader: segment.header }, caller);
      case 'sns':
        return this.#ports.topics().publish(arn, { message: record }, caller);
      case 'lambda':
        return this.#ports.functions.invokeAsync(arn, record, caller);
      default:
        return this.#ports.objects().put(bucket, this.#objectKey(lambda), Buffer.from(record), caller);
    }
  }

  /** "aws/lambda/async/<function-name>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<Random UUID>" (Lambda guide, "Retaining records of asynchronous invocations"). */
  #objectKey({ name }: LambdaFunction): string {
    const at = new Date(this.#foundation.clock.now()).toISOString();
    const day = at.slice(0, 10).replaceAll('-', '/');
    return `aws/lambda/async/${name}/${day}/${at.slice(0, 19).replaceAll(':', '.')}-${randomUUID()}`;
  }
}
