import type { Foundation } from '../../cloud.ts';
import { readTraceHeader } from '../../trace-header.ts';
import { AccessLogs } from './access-log.ts';
import type { Answer, Exchange } from './exchange.ts';

/** Tells of every request: trace, metrics, access log. */
export class Observer {
  readonly #foundation: Foundation;
  readonly #accessLogs: AccessLogs;

  constructor(foundation: Foundation) {
    this.#foundation = foundation;
    this.#accessLogs = new AccessLogs(foundation.dataDir);
  }

  answered(exchange: Exchange, answer: Answer): void {
    const latencyMs = this.#foundation.clock.now() - exchange.startedAt;
    this.#trace(exchange, answer, latencyMs);
    this.#measure(exchange, answer, latencyMs);
    this.#accessLogs.write(exchange, answer, latencyMs);
  }

  /** What the client is not told, for whoever looks at the trace. */
  failed(exchange: Exchange, reason: string): void {
    this.#foundation.trace.record({
      at: this.#foundation.clock.now(),
      service: 'apigateway',
      action: 'Failed',
      resource: this.#name(exchange),
      ids: { requestId: exchange.requestId, reason },
    });
  }

  close(): Promise<void> {
    return this.#accessLogs.close();
  }

  #name({ definition, stage, request, route }: Exchange): string {
    return `${definition.api.name}/${stage.name}${route?.resourcePath ?? request.path}`;
  }

  #trace(exchange: Exchange, { status, headers }: Answer, latencyMs: number): void {
    const { requestId, segment, request, traceId } = exchange;
    const parent = readTraceHeader(traceId)?.parent;
    // What a request has made is named there only: a job, for one.
    const location = headers.find(([name]) => name.toLowerCase() === 'location')?.[1].split('?')[0];
    this.#foundation.trace.record({
      at: exchange.startedAt,
      service: 'apigateway',
      action: exchange.request.method,
      resource: this.#name(exchange),
      ids: {
        ...{
          requestId,
          trace: segment.root,
          segment: segment.segment,
          status,
          latencyMs,
          path: request.path,
        },
        ...(parent !== undefined && { parent }),
        ...(location !== undefined && { location }),
      },
    });
  }

  /** "Amazon API Gateway dimensions and metrics": by API, and by API and stage. */
  #measure(
    { definition, stage, integrationLatencyMs }: Exchange,
    { status }: Answer,
    latencyMs: number,
  ): void {
    const byApi = { ApiName: definition.api.name };
    for (const dimensions of [byApi, { ...byApi, Stage: stage.name }]) {
      const record = (name: string, value: number) =>
        this.#foundation.metrics.record('AWS/ApiGateway', name, dimensions, value);
      record('Count', 1);
      record('4XXError', status >= 400 && status < 500 ? 1 : 0);
      record('5XXError', status >= 500 ? 1 : 0);
      record('Latency', latencyMs);
      if (integrationLatencyMs !== undefined) record('IntegrationLatency', integrationLatencyMs);
    }
  }
}
