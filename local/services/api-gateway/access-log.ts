import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer, Exchange } from './exchange.ts';
import { substituted } from './mapping-values.ts';

/** Where the access log of a stage is kept. */
export const accessLogFile = (dataDir: string, apiName: string, stage: string): string =>
  join(dataDir, 'logs', `${`${apiName}-${stage}`.replace(/[^\w.-]/g, '_')}.access.log`);

/** Access logs of all stages, one line per request in the stage's own format; written behind the requests. */
export class AccessLogs {
  readonly #dataDir: string;
  readonly #waiting = new Map<string, string[]>();
  #writing: Promise<void> = Promise.resolve();

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  write(exchange: Exchange, answer: Answer, latencyMs: number): void {
    const { stage, definition } = exchange;
    if (stage.accessLogFormat === undefined) return;
    const line = substituted(stage.accessLogFormat, exchange, outcome(exchange, answer, latencyMs), '-');
    const file = accessLogFile(this.#dataDir, definition.api.name, stage.name);
    const lines = this.#waiting.get(file);
    if (lines) lines.push(line);
    else this.#waiting.set(file, [line]);
    if (this.#waiting.size === 1 && !lines) this.#writing = this.#writing.then(() => this.#flush());
  }

  close(): Promise<void> {
    return this.#writing;
  }

  async #flush(): Promise<void> {
    const batch = [...this.#waiting];
    this.#waiting.clear();
    await mkdir(join(this.#dataDir, 'logs'), { recursive: true });
    for (const [file, lines] of batch) await appendFile(file, `${lines.join('\n')}\n`);
  }
}

/** The `$context` variables that only exist once there is an answer. */
const outcome = (exchange: Exchange, { status, body }: Answer, latencyMs: number) => {
  const integration = {
    ...(exchange.integrationStatus !== undefined && { status: exchange.integrationStatus }),
    ...(exchange.integrationLatencyMs !== undefined && { latency: exchange.integrationLatencyMs }),
    ...(exchange.integrationError !== undefined && { error: exchange.integrationError }),
  };
  return {
    status,
    responseLength: exchange.streamedBytes ?? Buffer.byteLength(body),
    responseLatency: latencyMs,
    xrayTraceId: exchange.traceId,
    integration,
    ...(exchange.integrationError !== undefined && { integrationErrorMessage: exchange.integrationError }),
    ...(exchange.integrationLatencyMs !== undefined && { integrationLatency: exchange.integrationLatencyMs }),
    ...(exchange.integrationStatus !== undefined && { integrationStatus: exchange.integrationStatus }),
  };
};
