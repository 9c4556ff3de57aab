import type { LambdaFunction } from './function-definition.ts';

export interface Report {
  readonly requestId: string;
  readonly durationMs: number;
  readonly maxMemoryBytes: number;
  /** Only for the first invocation of an environment. */
  readonly initMs?: number;
  readonly status: 'success' | 'error' | 'timeout';
}

const toMb = (bytes: number): number => Math.ceil(bytes / (1024 * 1024));

/** "Duration charges apply to code that runs in the handler of a function as well as initialization code": per begun millisecond. */
export const billedMs = ({ durationMs, initMs = 0 }: Report): number => Math.ceil(durationMs + initMs);

const platformEvent = (type: string, record: unknown): string =>
  `${JSON.stringify({ time: new Date().toISOString(), type, record })}\n`;

/** The lines that the Lambda service itself writes (Lambda guide, "Viewing CloudWatch logs for Lambda functions"). */
export const invocationLog = ({ logFormat, memoryMb, runtime }: LambdaFunction) => {
  const json = logFormat === 'JSON';
  return {
    initStart: (): string =>
      json
        ? platformEvent('platform.initStart', {
            initializationType: 'on-demand',
            phase: 'init',
            runtimeVersion: runtime,
          })
        : `INIT_START Runtime Version: ${runtime.replace('nodejs', 'nodejs:')}\n`,
    /** Only of an init that failed: a good one is told by the first report. */
    initFailure: (initMs: number, status: 'error' | 'timeout', errorType: string): string =>
      json
        ? platformEvent('platform.initReport', {
            initializationType: 'on-demand',
            phase: 'init',
            status,
            errorType,
            metrics: { durationMs: Number(initMs.toFixed(3)) },
          })
        : `INIT_REPORT Init Duration: ${initMs.toFixed(2)} ms\tPhase: init\tStatus: ${status}\tError Type: ${errorType}\n`,
    start: (requestId: string): string =>
      json
        ? platformEvent('platform.start', { requestId, version: '$LATEST' })
        : `START RequestId: ${requestId} Version: $LATEST\n`,
    failure: (requestId: string, message: string): string =>
      json ? '' : `${new Date().toISOString()} ${requestId} ${message}\n`,
    end: (report: Report): string => {
      const { requestId, durationMs, maxMemoryBytes, initMs, status } = report;
      if (json) {
        const metrics = {
          durationMs: Number(durationMs.toFixed(3)),
          billedDurationMs: billedMs(report),
          memorySizeMB: memoryMb,
          maxMemoryUsedMB: toMb(maxMemoryBytes),
          ...(initMs !== undefined && { initDurationMs: Number(initMs.toFixed(3)) }),
        };
        return platformEvent('platform.report', { requestId, metrics, status });
      }
      return [
        `END RequestId: ${requestId}\nREPORT RequestId: ${requestId}`,
        `Duration: ${durationMs.toFixed(2)} ms`,
        `Billed Duration: ${billedMs(report)} ms`,
        `Memory Size: ${memoryMb} MB`,
        `Max Memory Used: ${toMb(maxMemoryBytes)} MB`,
        ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
        ...(status === 'success' ? [] : [`Status: ${status}`]),
        '\n',
      ].join('\t');
    },
  };
};
